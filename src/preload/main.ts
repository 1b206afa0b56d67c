/** The main window's only way out: two functions over one channel each, and the path of a file that a person drops. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../shared/contract';

const bridge: Bridge = {
  invoke: (method, input) => ipcRenderer.invoke('nostro:invoke', method, input),
  subscribe: (listener) => {
    // SECURITY: the event object, and with it ipcRenderer, stays here.
    const forward = (_event: unknown, envelope: Parameters<typeof listener>[0]) => listener(envelope);
    ipcRenderer.on('nostro:event', forward);
    return () => {
      ipcRenderer.removeListener('nostro:event', forward);
    };
  },
};
contextBridge.exposeInMainWorld('bridge', bridge);

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
window.addEventListener('dragover', (event) => {
  if (hasFiles(event)) event.preventDefault();
});
window.addEventListener('drop', (event) => {
  const file = event.dataTransfer?.files[0];
  if (!hasFiles(event) || !file) return;
  event.preventDefault();
  // SECURITY: a page can make a drop event, but not a trusted one, and never learns or names a path.
  if (!event.isTrusted) return;
  // Electron before 32 has the path on the file itself.
  const path = webUtils?.getPathForFile(file) ?? (file as File & { readonly path?: string }).path;
  if (path) ipcRenderer.send('nostro:drop', path);
});
