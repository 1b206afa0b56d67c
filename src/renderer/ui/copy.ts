/**
 * Puts text on the clipboard. True when it is there.
 *
 * SECURITY: by the editing command, not by the asynchronous interface: that one asks for a permission, and no page of this
 * app has any.
 */
export const copyText = (text: string): boolean => {
  let isTaken = false;
  // The text is handed over in the event, so that nothing is put into the page and no selection or focus moves.
  const give = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData('text/plain', text);
    isTaken = event.clipboardData !== null;
  };
  document.addEventListener('copy', give, { capture: true, once: true });
  try {
    return document.execCommand('copy') && isTaken;
  } catch {
    return false;
  } finally {
    document.removeEventListener('copy', give, { capture: true });
  }
};
