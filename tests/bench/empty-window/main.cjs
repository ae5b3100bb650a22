// The yardstick for cold start: the smallest Electron program that shows a sandboxed window with text.
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    webPreferences: { sandbox: !process.argv.includes('--no-sandbox') },
  });
  window.loadURL('data:text/html,<!doctype html><title>empty</title><p id="ready">ready</p>');
});
app.on('window-all-closed', () => app.quit());
