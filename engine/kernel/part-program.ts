/** What a part of the kernel tier can be given to do. */
import type { KernelProgram } from './program.ts'
import type { WriteProgram } from './write-program.ts'

export type PartProgram = KernelProgram | WriteProgram

/** Whether it ends in a node that writes, and not in a group. */
export function isWrite(program: PartProgram): program is WriteProgram {
  return 'kind' in program
}
