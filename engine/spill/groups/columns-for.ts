/** The column that keeps the states of an aggregate. */
import { aggregateOf, type AggregateName } from '../../spec/aggregate.ts'
import { CountColumn, MeanColumn, SumColumn } from './number-columns.ts'
import type { StateColumn } from './state-column.ts'
import { AnyColumn, ExtremeColumn } from './value-columns.ts'

export function columnFor(name: AggregateName): StateColumn {
  switch (name) {
    case 'count':
      return new CountColumn()
    case 'sum':
      return new SumColumn() as StateColumn
    case 'avg':
      return new MeanColumn() as StateColumn
    case 'min':
      return new ExtremeColumn(1) as StateColumn
    case 'max':
      return new ExtremeColumn(-1) as StateColumn
    case 'distinct':
      return new AnyColumn(aggregateOf[name]) as StateColumn
  }
}
