declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  /** Compiles the codec's WebAssembly, which lies beside it. */
  const createModule: () => Promise<unknown>;
  export default createModule;
}
