/** The approval window's only way out: two functions over one channel each. */
import { contextBridge, ipcRenderer } from 'electron';
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
