import { readFileSync } from 'node:fs';
import ts from 'typescript';

let compilerOptions;

/** What the build makes of a source, without a look at its types. */
export function transpile(fileName, text) {
  if (compilerOptions === undefined) {
    const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync('tsconfig.json', 'utf8'));
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
    compilerOptions = { ...options, module: ts.ModuleKind.ESNext, sourceMap: false, inlineSourceMap: true };
  }
  return ts.transpileModule(text, { fileName, compilerOptions }).outputText;
}
