import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { AppEvent } from '../../shared/contract';

type MenuAction = Extract<AppEvent, { type: 'menu' }>['action'];

type MenuDeps = {
  readonly send: (action: MenuAction) => void;
  readonly openHelp: (topic: 'readme' | 'security' | 'licence') => void;
};

/** The application menu. Items that concern the page are sent to it as events; it decides whether they apply. */
export const installMenu = (deps: MenuDeps): void => {
  const item = (label: string, action: MenuAction, accelerator?: string): MenuItemConstructorOptions => ({
    id: action,
    label,
    click: () => deps.send(action),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('Import payment file…', 'import-file', 'CmdOrCtrl+O'),
        item('New payment…', 'new-payment', 'CmdOrCtrl+N'),
        { type: 'separator' },
        item('Lock', 'lock', 'CmdOrCtrl+L'),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Go',
      submenu: [
        item('Position', 'go-position', 'CmdOrCtrl+1'),
        item('Inbox', 'go-inbox', 'CmdOrCtrl+2'),
        item('Payments', 'go-payments', 'CmdOrCtrl+3'),
        item('Ledger', 'go-ledger', 'CmdOrCtrl+4'),
        item('Counterparties', 'go-counterparties', 'CmdOrCtrl+5'),
        item('Reports', 'go-reports', 'CmdOrCtrl+6'),
        item('Settings', 'go-settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        item('Find…', 'search', 'CmdOrCtrl+K'),
        item('Synchronise now', 'sync-now', 'CmdOrCtrl+R'),
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        item('Keyboard shortcuts', 'shortcuts', 'CmdOrCtrl+/'),
        { label: 'Guide', click: () => deps.openHelp('readme') },
        { label: 'Security', click: () => deps.openHelp('security') },
        { label: 'Licence', click: () => deps.openHelp('licence') },
        { type: 'separator' },
        item(`About ${app.name}`, 'about'),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
};
