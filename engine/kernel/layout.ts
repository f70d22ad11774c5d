/**
 * Where things lie in a kernel's memory. Read by TypeScript and by AssemblyScript (`assembly/`) alike, so it holds whole
 * numbers only. All addresses are bytes from the start of the memory; a `u32[]` starts at a multiple of 4, an `f64[]` of 8.
 *
 * The driver reads a block of bytes into the memory, has a scanner make rows of it (at most ROW_LIMIT at a time), marks
 * those that filters remove, and has the rest grouped. Rows lie in columns, one for each field that something reads.
 */

// ---------------------------------------------------------------- a task: what a scanner is given and what it gives
/**
 * A scanner is an export `scanX(task: u32, from: u32, to: u32): void`. The bytes [from, to) are whole lines, each ended
 * by LF (the driver puts one behind a last line without); GUARD bytes behind `to` may be read, and hold anything.
 * They were checked before: a block with NUL or bytes that are not UTF-8 has its lines marked odd after the scan.
 * It fills rows 0 … ROWS-1, in order, one for every line, until `to` is reached or ROW_LIMIT rows are made.
 */
export const GUARD = 64

/** Offsets in the task; every entry is a u32. */
export const TASK_ROW_LIMIT = 0
/** Out: rows made. */
export const TASK_ROWS = 4
/** Out: address of the first byte that was not scanned; `to` where all were. */
export const TASK_NEXT = 8
/** Address of u32[ROW_LIMIT]: the first byte of each line. */
export const TASK_LINE_START = 12
/** Address of u32[ROW_LIMIT]: behind the last byte of each line, its LF and one CR before it left out. */
export const TASK_LINE_END = 16
/** Address of u8[ROW_LIMIT]: see ROW_OK. */
export const TASK_FLAG = 20
/** Out: how many rows are odd. */
export const TASK_ODD = 24
/** Address of the table of columns. */
export const TASK_COLUMNS = 28
export const TASK_COLUMN_COUNT = 32
/** Address of bytes for text that a scanner has to make, SCRATCH_ROW for each row; 0 where it asked for none. */
export const TASK_SCRATCH = 36
/** Address of the format's own settings; see its scanner. */
export const TASK_SETTINGS = 40
/** Address of u8[ROW_LIMIT]: 0 for a row that goes on, else which step removed it. Not for scanners. */
export const TASK_GONE = 44
export const TASK_BYTES = 64

/** The row's columns hold what the row tier would have made of the line. */
export const ROW_OK = 0
/** Something unusual, a mistake included: the row tier's own code reads the line, so the columns may hold anything. */
export const ROW_ODD = 1
/** The line is no record and no mistake: a blank line between NDJSON records, a header. It only counts as a line. */
export const ROW_NOTHING = 2

// ---------------------------------------------------------------- the table of columns
export const COLUMN_BYTES = 32
/** Address of u8[ROW_LIMIT]: see KIND_MISSING. */
export const COLUMN_KIND = 0
/** Address of u32[ROW_LIMIT]: the first byte of a text; anywhere in the memory, mostly in the block. */
export const COLUMN_START = 4
/** Address of u32[ROW_LIMIT]: behind its last byte. */
export const COLUMN_END = 8
/** Address of f64[ROW_LIMIT]: numbers. */
export const COLUMN_NUM = 12
/** Which field it is: a number from ACCESS_FIELDS, or the index of a name in the format's settings. */
export const COLUMN_FIELD = 16

/** The record has no such field. */
export const KIND_MISSING = 0
export const KIND_NULL = 1
/** START … END are the text itself, in UTF-8: nothing escaped. */
export const KIND_TEXT = 2
/** NUM is the number. Never NaN. */
export const KIND_NUMBER = 3
export const KIND_TRUE = 4
export const KIND_FALSE = 5
/** START … END are bytes that only the format's own code can read (JSON of an object or a list). */
export const KIND_OTHER = 6

// ---------------------------------------------------------------- NDJSON
/** What a blank line is: ROW_NOTHING in a file of records, ROW_ODD where every line must hold a value. */
export const JSON_SETTING_BLANK = 0
/** From here on, for each name that a column may have as its FIELD, two u32: address and length of its bytes. */
export const JSON_SETTING_NAMES = 4

// ---------------------------------------------------------------- access logs
/** Fields of an access log, as numbers in COLUMN_FIELD. */
export const FIELD_HOST = 0
export const FIELD_IDENT = 1
export const FIELD_USER = 2
export const FIELD_TIME = 3
export const FIELD_METHOD = 4
export const FIELD_PATH = 5
export const FIELD_PROTOCOL = 6
export const FIELD_STATUS = 7
export const FIELD_BYTES = 8
export const FIELD_REFERRER = 9
export const FIELD_AGENT = 10
export const FIELD_REQUEST = 11
export const FIELD_EXTRA = 12
/** A name that no access log has. */
export const FIELD_NONE = 13
/** Bytes of scratch that a row's time takes. */
export const ACCESS_SCRATCH = 32

// ---------------------------------------------------------------- a table of groups
/** Offsets in a table; every entry is a u32. Out: how many groups there are. */
export const TABLE_GROUPS = 0
export const TABLE_KEY_COUNT = 4
/** Address of u32[KEY_COUNT]: addresses of the columns (COLUMN_KIND …) that records are grouped by. */
export const TABLE_KEYS = 8
export const TABLE_AGG_COUNT = 12
/** Address of AGG_COUNT pairs of u32: the function (AGG_COUNTS …), and the address of the column that it reads, or 0. */
export const TABLE_AGGS = 16
/** Groups at most. */
export const TABLE_LIMIT = 20
/** Out: 1 where there were to be more. */
export const TABLE_FULL = 24
/** Address of LEFT_BYTES for every row and aggregate of a task: what `groupRows` left to others. */
export const TABLE_LEFT = 28
export const TABLE_LEFT_COUNT = 32
/** Address of u32[ROW_LIMIT]: rows that `groupRows` put nowhere, as a text is to be summed, say. */
export const TABLE_REFUSED = 36
export const TABLE_REFUSED_COUNT = 40
/** Address of u64 slots, their number less one: the hash below, the address of the group above, 0 where there is none. */
export const TABLE_SLOTS = 44
export const TABLE_MASK = 48
/** Where the next group goes, and where its chunk ends. */
export const TABLE_CHUNK_AT = 52
export const TABLE_CHUNK_END = 56
/** Address of pairs of u32 for the chunks: where each starts, and where the groups in it end (the last one's: CHUNK_AT). */
export const TABLE_CHUNKS = 60
export const TABLE_CHUNK_COUNT = 64
/** Bytes for a key that has to be put together. */
export const TABLE_KEY_TEXT = 68
export const TABLE_KEY_ROOM = 72
/** What slots took before there were more of them: room for chunks. */
export const TABLE_FREE_AT = 76
export const TABLE_FREE_END = 80
/** In: the piece of the source that the rows at hand are of; it only rises. */
export const TABLE_PIECE = 84
/** Groups that were made so far, those that were forgotten included. */
export const TABLE_MADE = 88
export const TABLE_BYTES = 128

/** Groups lie in chunks one behind the other, in the order in which they were first seen, each at a multiple of 8. */
export const CHUNK_BYTES = 1048576
export const MOST_CHUNKS = 16384
export const GROUP_HASH = 0
/** Bytes of the key. */
export const GROUP_KEY_LENGTH = 4
/** Its place in the order, from 0. */
export const GROUP_INDEX = 8
/** The kind of its only key, or TAG_SEVERAL. */
export const GROUP_TAG = 12
/** Bit i: key i was -0, which is the same group as 0. */
export const GROUP_MINUS = 14
/**
 * f64: says which of two groups was first seen earlier, across tables that worked on pieces of one source: the piece
 * times 2^32, and how many groups the table had made before.
 */
export const GROUP_NUMBER = 16
/** STATE_BYTES for each aggregate, and behind them the key. */
export const GROUP_STATES = 24
export const STATE_BYTES = 16
/** Of a key of several: for each a byte of its kind, then its 8 bytes (numbers), or its length as u32 and its bytes. */
export const TAG_SEVERAL = 255

/** State: f64 count. */
export const AGG_COUNTS = 0
/** State: i64 sum of whole numbers. What else is added is left to others. */
export const AGG_SUM = 1
/** State: i64 sum as above, f64 count of all that was added, here or by others. */
export const AGG_AVG = 2
/**
 * State: f64 least or largest number, u32 1 where there is one, u32 the piece it came from: of equal ones (0 and -0) the
 * earliest stays. What is no number is left to others.
 */
export const AGG_MIN = 3
export const AGG_MAX = 4
/** A value that is left to others: u32 row, aggregate, index of the group, and nothing. */
export const LEFT_BYTES = 16

/** Groups are divided among so many buckets at most by bits of their hash, the highest first: slots go by the lowest. */
export const BUCKETS = 64

// ---------------------------------------------------------------- the top of a table
/** Offsets in what `pickGroups` is told. f64: the number of the last one of the top so far. */
export const PICK_BOUND = 0
/** u32: which numbers may be among the top. */
export const PICK_SIDE = 8
export const SIDE_ANY = 0
export const SIDE_ABOVE = 1
export const SIDE_BELOW = 2
/** u32: where in a group the state is that is compared, and 1 where it is a sum, 0 for a count. */
export const PICK_STATE = 12
export const PICK_IS_SUM = 16
/** u32: how buckets are told, as in `scatterGroups`, 0 where all groups are wanted; and the bucket that is. */
export const PICK_BUCKETS = 20
export const PICK_BUCKET = 24
/** Out: address of u32[ROOM], the groups that were found, and how many there are since the call. */
export const PICK_LIST = 28
export const PICK_ROOM = 32
export const PICK_FOUND = 36
/** In and out: how many groups of the bucket there were. */
export const PICK_COUNT = 40
/** Out: address of u32[PICK_SHOWN], a ring of the last of these: number n lies at n modulo PICK_SHOWN. */
export const PICK_LAST = 44
export const PICK_SHOWN = 100
export const PICK_BYTES = 48

// ---------------------------------------------------------------- filters
/** In GONE: whoever asked must find out by other means. */
export const GONE_UNSURE = 255

// ---------------------------------------------------------------- writing NDJSON
/** The row is not written. */
export const HOW_NOT = 0
/** The bytes of its line, up to the closing brace, and then its text. */
export const HOW_WITH_TEXT = 1
/** Its text alone. */
export const HOW_TEXT = 2

// ---------------------------------------------------------------- CSV
/** The delimiter, one byte. */
export const CSV_SETTING_DELIMITER = 0
/** 1 where numbers and so on are told from texts. */
export const CSV_SETTING_INFER = 4
/** How many fields a row has. */
export const CSV_SETTING_FIELDS = 8
/** Out: 1 where the last row that was made is the first line of a row that is left open; the scan ends there. */
export const CSV_SETTING_OPEN = 12
/** Bytes that a row of several lines may have; one with more is left open behind its first line. */
export const CSV_SETTING_LONGEST = 16
/** From here on, for each field of a row, a u32: 1 + the index of its column, 0 where it has none. */
export const CSV_SETTING_COLUMNS = 20
