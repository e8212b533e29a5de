/** The compiled kernel (`assembly/`, compiled by `build.mjs`), base64: with relaxed SIMD, and with plain SIMD alone. */
export declare const FUSED_BASE64: string;
export declare const SIMD_BASE64: string;
