import { COMPONENTS, MESSAGE_ROOTS, SIMPLE_TYPES } from './pain001-grammar';

export type MessageVersion = keyof typeof MESSAGE_ROOTS;

export type Slot = {
  readonly name: string;
  readonly type: Type;
  readonly min: number;
  readonly max: number;
};

export type SimpleType =
  | { readonly kind: 'text'; readonly name: string; readonly max: number }
  | { readonly kind: 'pattern'; readonly name: string; readonly pattern: RegExp; readonly source: string }
  | { readonly kind: 'list'; readonly name: string; readonly values: ReadonlySet<string> }
  | {
      readonly kind: 'decimal';
      readonly name: string;
      readonly totalDigits: number;
      readonly fractionDigits: number;
    }
  | { readonly kind: 'date' | 'dateTime' | 'boolean' | 'base64' | 'year'; readonly name: string };

export type ComplexType = {
  readonly kind: 'seq' | 'choice';
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly positions: ReadonlyMap<string, number>;
};

export type Type =
  | ComplexType
  | SimpleType
  | { readonly kind: 'amount'; readonly name: string; readonly simple: SimpleType }
  | { readonly kind: 'any'; readonly name: string };

const compileSimple = (name: string, rule: string): SimpleType => {
  const space = rule.indexOf(' ');
  const kind = space < 0 ? rule : rule.slice(0, space);
  const rest = space < 0 ? '' : rule.slice(space + 1);
  switch (kind) {
    case 't':
      return { kind: 'text', name, max: Number(rest) };
    case 'p':
      return { kind: 'pattern', name, pattern: new RegExp(`^(?:${rest})$`), source: rest };
    case 'e':
      return { kind: 'list', name, values: new Set(rest.split('|')) };
    case 'n': {
      const [total, fraction] = rest.split(' ');
      return { kind: 'decimal', name, totalDigits: Number(total), fractionDigits: Number(fraction) };
    }
    case 'date':
    case 'dateTime':
    case 'boolean':
    case 'base64':
    case 'year':
      return { kind, name };
    default:
      throw new Error(`grammar: unknown simple type rule ${rule}`);
  }
};

const splitRows = (table: string): Map<string, string> =>
  new Map(
    table
      .trim()
      .split('\n')
      .map((row) => {
        const space = row.indexOf(' ');
        return [row.slice(0, space), row.slice(space + 1)];
      }),
  );

const readCardinality = (mark: string): { min: number; max: number } => {
  if (mark === '') return { min: 1, max: 1 };
  if (mark === '?') return { min: 0, max: 1 };
  if (mark === '*') return { min: 0, max: Number.POSITIVE_INFINITY };
  if (mark === '+') return { min: 1, max: Number.POSITIVE_INFINITY };
  return { min: 0, max: Number(mark.slice(1, -1)) };
};

const buildTypes = (): ((name: string) => Type) => {
  const components = splitRows(COMPONENTS);
  const simples = splitRows(SIMPLE_TYPES);
  const built = new Map<string, Type>();
  const build = (name: string): Type => {
    const known = built.get(name);
    if (known) return known;
    const simple = simples.get(name);
    if (simple !== undefined) {
      const type = compileSimple(name, simple);
      built.set(name, type);
      return type;
    }
    const [kind = '', ...parts] = (components.get(name) ?? '').split(' ');
    if (kind === 'any') {
      const type: Type = { kind: 'any', name };
      built.set(name, type);
      return type;
    }
    if (kind === 'amount') {
      const type: Type = {
        kind: 'amount',
        name,
        simple: compileSimple(parts[0] ?? '', simples.get(parts[0] ?? '') ?? ''),
      };
      built.set(name, type);
      return type;
    }
    if (kind !== 'seq' && kind !== 'choice') throw new Error(`grammar: no component ${name}`);
    const slots = parts.map((part): Slot => {
      const match = /^(\w+?)(\?|\*|\+|\{\d+\})?:(\w+)$/.exec(part);
      if (!match) throw new Error(`grammar: ${name} ${part}`);
      return { name: match[1] ?? '', type: build(match[3] ?? ''), ...readCardinality(match[2] ?? '') };
    });
    const type: ComplexType = {
      kind,
      name,
      slots,
      positions: new Map(slots.map((slot, position) => [slot.name, position])),
    };
    built.set(name, type);
    return type;
  };
  return build;
};

const buildType = buildTypes();
const ISO_NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:';

/** The model of the message's only child of Document, CstmrCdtTrfInitn. */
export const messageModel = (version: MessageVersion): Type => buildType(MESSAGE_ROOTS[version]);

export const SUPPORTED_MESSAGES = Object.keys(MESSAGE_ROOTS) as MessageVersion[];

/**
 * The message that a namespace names (`pain.001.001.09`), or null. Publishers' variants (Swiss, German) carry other
 * namespaces and are named by their last part.
 */
export const messageOfNamespace = (namespace: string): string | null => {
  if (namespace.startsWith(ISO_NAMESPACE)) return namespace.slice(ISO_NAMESPACE.length);
  const variant = /((?:pain|camt|pacs|head|admi|acmt|auth|remt)\.\d{3}\.\d{3}\.\d{2}[\w.]*)$/.exec(namespace);
  return variant?.[1] ?? null;
};

export const isIsoNamespace = (namespace: string): boolean => namespace.startsWith(ISO_NAMESPACE);

export const isSupported = (message: string): message is MessageVersion => message in MESSAGE_ROOTS;
