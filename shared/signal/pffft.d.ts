/** The part of the Emscripten module of @echogarden/pffft-wasm that the FFT uses; the package ships no types. */
declare module '@echogarden/pffft-wasm/simd' {
  export interface PffftModule {
    /** Replaced whenever the memory grows: read it anew after every call that may allocate. */
    readonly HEAPF32: Float32Array
    _pffft_new_setup(size: number, transform: 0 | 1): number
    _pffft_destroy_setup(setup: number): void
    _pffft_transform_ordered(setup: number, input: number, output: number, work: number, direction: 0 | 1): void
    _pffft_aligned_malloc(byteLength: number): number
    _pffft_aligned_free(pointer: number): void
  }
  const load: (options?: { readonly wasmBinary?: ArrayBuffer | Uint8Array }) => Promise<PffftModule>
  export default load
}
