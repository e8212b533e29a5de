/** The compiled kernel (`assembly/`, compiled by `build.mjs`), base64. */
export declare const WASM_BASE64: string;
