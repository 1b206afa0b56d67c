import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { createByteGuard } from './byte-guard';
import { FileRefused, type IssueDraft, type IssueSink } from './issues';

/** What the stream tells its consumer. Namespaces are resolved; attribute prefixes `xmlns` are already taken out. */
export type XmlEvents = {
  readonly open: (element: XmlElement) => void;
  readonly close: () => void;
  readonly text: (text: string) => void;
};

export type XmlElement = {
  readonly name: string;
  readonly namespace: string;
  readonly line: number;
  /** Attributes that are neither namespace declarations nor schema locations: local or prefixed name → value. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
};

export const MAX_DEPTH = 64;
export const MAX_ATTRIBUTES = 64;
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const XML = 'http://www.w3.org/XML/1998/namespace';
const NO_ATTRIBUTES: readonly (readonly [string, string])[] = [];

type Scope = ReadonlyMap<string, string>;

/**
 * XML 1.0 over bytes, one chunk at a time, with constant memory.
 *
 * SECURITY: bytes pass {@link createByteGuard} first. The parser's own namespace mode is off (it is quadratic in
 * depth); prefixes are resolved here. No DTD, no entity but the five predefined, nothing external. Any fault is
 * reported and ends the file: a malformed document has no trustworthy part.
 */
export const createXmlStream = (events: XmlEvents, sink: IssueSink) => {
  const refuse = (draft: IssueDraft): FileRefused => {
    sink.report(draft);
    return new FileRefused(draft.code);
  };
  const guard = createByteGuard({ isXml: true, refuse });
  const decoder = new StringDecoder('utf8');
  const parser = new SaxesParser({ xmlns: false, position: true });
  const scopes: Scope[] = [new Map([['xml', XML]])];
  let attributes = 0;
  let startLine = 1;

  const malformed = (line: number, value: string): FileRefused =>
    refuse({ code: 'xml/malformed', line, value, expected: 'well-formed XML 1.0' });

  const resolve = (scope: Scope, prefix: string, name: string): string => {
    const namespace = scope.get(prefix);
    if (namespace !== undefined) return namespace;
    if (prefix === '') return '';
    throw malformed(startLine, `prefix not bound: ${name}`);
  };

  const extendScope = (scope: Scope, declared: readonly (readonly [string, string])[]): Scope => {
    if (declared.length === 0) return scope;
    const extended = new Map(scope);
    for (const [prefix, uri] of declared) {
      if (prefix === 'xmlns' || (prefix === 'xml' && uri !== XML) || (prefix !== '' && uri === ''))
        throw malformed(startLine, `namespace declaration xmlns:${prefix}`);
      extended.set(prefix, uri);
    }
    return extended;
  };

  parser.on('error', (error) => {
    throw malformed(parser.line, error.message.replace(/^[^:]*:?\d+:\d+: /, ''));
  });
  parser.on('doctype', () => {
    throw refuse({ code: 'xml/doctype', line: parser.line });
  });
  parser.on('xmldecl', (declaration) => {
    const encoding = declaration.encoding;
    if (encoding !== undefined && !/^(?:utf-?8|us-ascii|ascii)$/i.test(encoding))
      throw refuse({ code: 'file/encoding', line: 1, value: encoding, expected: 'UTF-8' });
    if (declaration.version !== undefined && declaration.version !== '1.0')
      throw malformed(1, `XML version ${declaration.version}`);
  });
  parser.on('opentagstart', () => {
    attributes = 0;
    startLine = parser.line;
    if (scopes.length > MAX_DEPTH)
      throw refuse({ code: 'xml/too-deep', line: startLine, expected: `at most ${MAX_DEPTH} levels` });
  });
  parser.on('attribute', () => {
    if (++attributes > MAX_ATTRIBUTES)
      throw refuse({
        code: 'xml/too-many-attributes',
        line: parser.line,
        expected: `at most ${MAX_ATTRIBUTES} attributes`,
      });
  });
  parser.on('opentag', (tag) => {
    const names = attributes === 0 ? [] : Object.keys(tag.attributes);
    const parentScope = scopes[scopes.length - 1] ?? new Map<string, string>();
    let scope = parentScope;
    let kept = NO_ATTRIBUTES;
    if (names.length > 0) {
      const declared: [string, string][] = [];
      const others: [string, string][] = [];
      for (const name of names) {
        const value = String(tag.attributes[name]);
        if (name === 'xmlns') declared.push(['', value]);
        else if (name.startsWith('xmlns:')) declared.push([name.slice(6), value]);
        else others.push([name, value]);
      }
      scope = extendScope(parentScope, declared);
      kept = others.filter(([name]) => {
        const colon = name.indexOf(':');
        if (colon < 0) return true;
        const isLocation = /:(?:schemaLocation|noNamespaceSchemaLocation)$/.test(name);
        return !(isLocation && resolve(scope, name.slice(0, colon), name) === XSI);
      });
    }
    const colon = tag.name.indexOf(':');
    const prefix = colon < 0 ? '' : tag.name.slice(0, colon);
    scopes.push(scope);
    events.open({
      name: colon < 0 ? tag.name : tag.name.slice(colon + 1),
      namespace: resolve(scope, prefix, tag.name),
      line: startLine,
      attributes: kept,
    });
  });
  parser.on('closetag', () => {
    scopes.pop();
    events.close();
  });
  parser.on('text', (text) => events.text(text));
  parser.on('cdata', (text) => events.text(text));

  return {
    /** Feeds bytes. Throws {@link FileRefused} once the file cannot be trusted. */
    write: (chunk: Uint8Array): void => {
      const checked = guard.check(chunk);
      const text = decoder.write(Buffer.from(checked.buffer, checked.byteOffset, checked.byteLength));
      if (text !== '') parser.write(text);
    },
    end: (): void => {
      guard.finish();
      parser.close();
    },
    line: (): number => parser.line,
  };
};
