/** The columns of the events as DuckDB names their types. */

export const EVENT_COLUMNS =
  "{id: 'BIGINT', time: 'VARCHAR', user: 'VARCHAR', status: 'INTEGER', method: 'VARCHAR', path: 'VARCHAR', bytes: 'BIGINT', ms: 'INTEGER'}"
