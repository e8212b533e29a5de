import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** A declaration at the top of a module: what it exports it as, and the names that it speaks of. */
interface Declaration {
  readonly exported: boolean;
  readonly mentions: ReadonlySet<string>;
}

interface Module {
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** What is imported under each local name: the file, and its name there (`*` for all). */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  /** Names that run as the module is loaded. */
  readonly loading: ReadonlySet<string>;
  /** Modules that are loaded with this one or by it, whose exports it names nowhere. */
  readonly loads: readonly string[];
}

/** The exports, as `file name`, that nothing speaks of which the entries can come to. */
export function unreachedExports(files: readonly string[], entries: readonly string[]): string[] {
  const modules = new Map(files.map((file) => [file, parse(file)]));
  const reached = new Set<string>();
  const loaded = new Set<string>();
  const reach = (file: string, name: string): void => {
    const module = modules.get(file);
    if (module === undefined) return;
    load(file);
    const imported = module.imports.get(name);
    if (imported !== undefined) {
      reach(imported.file, imported.name);
      return;
    }
    const names = name === '*' ? module.declarations.keys() : [name];
    for (const each of names) {
      const declaration = module.declarations.get(each);
      if (declaration === undefined || reached.has(`${file} ${each}`)) continue;
      reached.add(`${file} ${each}`);
      for (const mention of declaration.mentions) reach(file, mention);
    }
  };
  const load = (file: string): void => {
    const module = modules.get(file);
    if (module === undefined || loaded.has(file)) return;
    loaded.add(file);
    for (const name of module.loading) reach(file, name);
    for (const other of module.loads) reach(other, '*');
  };
  for (const entry of entries) reach(entry, '*');
  return [...modules].flatMap(([file, { declarations }]) =>
    [...declarations].flatMap(([name, { exported }]) =>
      exported && !reached.has(`${file} ${name}`) ? [`${file} ${name}`] : [],
    ),
  );
}

function parse(file: string): Module {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const target = (specifier: ts.Node): string =>
    ts.isStringLiteral(specifier) ? resolve(dirname(file), specifier.text).replace(/\.js$/, '.ts') : '';
  const declarations = new Map<string, Declaration>();
  const imports = new Map<string, { file: string; name: string }>();
  const loading = new Set<string>();
  const loads: string[] = [];
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const { namedBindings } = statement.importClause ?? {};
      if (namedBindings !== undefined && ts.isNamedImports(namedBindings)) {
        for (const { name, propertyName } of namedBindings.elements) {
          imports.set(name.text, { file: target(statement.moduleSpecifier), name: (propertyName ?? name).text });
        }
      } else loads.push(target(statement.moduleSpecifier));
      continue;
    }
    const mentions = new Set<string>();
    collect(statement, mentions, (specifier) => loads.push(target(specifier)));
    const names = declaredIn(statement);
    if (names.length === 0) for (const mention of mentions) loading.add(mention);
    const exported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);
    for (const name of names) {
      // A brand's type and the functions of the same name are one thing.
      const before = declarations.get(name)?.mentions ?? [];
      declarations.set(name, { exported, mentions: new Set([...before, ...mentions].filter((each) => each !== name)) });
    }
  }
  return { declarations, imports, loading, loads };
}

function declaredIn(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  }
  const declares =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return declares && statement.name !== undefined ? [statement.name.text] : [];
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(element.name) : []));
}

/** Every name in a piece of source, and every file that it loads by name. */
function collect(node: ts.Node, names: Set<string>, onFile: (specifier: ts.Node) => void): void {
  if (ts.isIdentifier(node)) names.add(node.text);
  if (ts.isStringLiteral(node) && /^\.{1,2}\/.*\.[jt]s$/.test(node.text)) onFile(node);
  node.forEachChild((child) => {
    // The name after a dot is of whatever stands before it.
    if (ts.isPropertyAccessExpression(node) && child === node.name) return;
    collect(child, names, onFile);
  });
}
