/** Config fields that nodes which read text formats have in common. */
import { z } from 'zod'
import { field } from '../spec/fields.ts'
import { DELIMITERS } from './csv-dialect.ts'

/** Fields for reading CSV and bounding lines; `csvFormats` are the values of `format` under which the CSV ones show. */
export function readFields(csvFormats: readonly string[]) {
  const when = { format: csvFormats }
  return {
    delimiter: field(z.enum(['auto', ...DELIMITERS]).default('auto'), {
      title: 'Delimiter',
      description: 'What separates the fields; auto finds out from the first lines.',
      when,
    }),
    header: field(z.boolean().default(true), {
      title: 'Header',
      description: 'The first row names the fields; without one they are column1, column2, …',
      when,
    }),
    types: field(z.enum(['infer', 'text']).default('infer'), {
      title: 'Types',
      description:
        'Infer reads numbers, true, false and empty (null) where nothing is lost; text keeps all as text.',
      when,
    }),
    maxLineBytes: field(
      z
        .number()
        .int()
        .min(1024)
        .max(256 * 1024 * 1024)
        .default(16 * 1024 * 1024),
      {
        title: 'Longest line',
        description: 'A longer line stops the run with an error, so that memory stays bounded.',
        unit: 'bytes',
        advanced: true,
      },
    ),
  }
}
