/** The compiled kernels. The build puts them here (scripts/build-kernel.mjs); without it there are none. */
export const KERNEL_BASE64: string = ''
