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
/** More columns than this are not scanned. */
export const JSON_COLUMNS = 64

// ---------------------------------------------------------------- filters
/** In GONE: whoever asked must find out by other means. */
export const GONE_UNSURE = 255
