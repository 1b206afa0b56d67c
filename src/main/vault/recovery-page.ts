/**
 * The page that shows a recovery phrase: one complete static HTML document without a script, a link or anything from
 * outside. The shell shows it in a window of its own that runs no script, and overwrites the bytes afterwards.
 */
const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1d21; --soft: #5c6470; --line: #d9dde3; --ground: #ffffff; --cell: #f5f6f8; --mark: #8a5a00; --note: #fff7e6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a2a9b4; --line: #3a4048; --ground: #16181c; --cell: #1f2227; --mark: #f0c36d; --note: #2b2415; } }
* { box-sizing: border-box; margin: 0; }
body { background: var(--ground); color: var(--ink); font: 14px/1.5 "Inter Variable", Inter, system-ui, sans-serif; padding: 32px; -webkit-user-select: none; user-select: none; }
main { max-width: 640px; margin: 0 auto; }
h1 { font-size: 22px; line-height: 1.3; font-weight: 600; margin-bottom: 8px; }
p { color: var(--soft); margin-bottom: 24px; }
ol { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin-bottom: 24px; }
li { display: flex; align-items: baseline; gap: 12px; background: var(--cell); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; }
li span { color: var(--soft); font-variant-numeric: tabular-nums; min-width: 20px; text-align: right; }
li b { font: 600 16px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
aside { background: var(--note); border-left: 3px solid var(--mark); border-radius: 4px; padding: 16px; }
aside h2 { font-size: 14px; margin-bottom: 8px; }
aside ul { padding-left: 20px; }
aside li { display: list-item; background: none; border: 0; padding: 0; }
`;

/** UTF-8 bytes of the page. `words` are in order. */
export const renderRecoveryPage = (words: readonly string[], hasPassphrase: boolean): Uint8Array => {
  const cells = words
    .map((word, index) => `<li><span>${index + 1}</span><b>${escapeText(word)}</b></li>`)
    .join('\n');
  const passphraseNote = hasPassphrase
    ? '<li>You chose an extra recovery passphrase. Keep it in another place: without it these words open other, empty accounts.</li>'
    : '';
  return new TextEncoder().encode(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Recovery words</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Write down these ${words.length} words, in this order</h1>
<p>Whoever has them has the money in every account of this vault. They are shown now and never again.</p>
<ol>
${cells}
</ol>
<aside>
<h2>Before you close this window</h2>
<ul>
<li>Write on paper, by hand, twice. Keep the two sheets in two safe places.</li>
<li>No photograph, no screenshot, no printer, no copy in a file or a password manager.</li>
<li>Nobody from your bank or from support will ever ask for them.</li>
${passphraseNote}
<li>The next step asks for some of the words, to be sure that they are written down right.</li>
</ul>
</aside>
</main>
</body>
</html>
`);
};
