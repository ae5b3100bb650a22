/** Texts of the lines above a page: the data process, the disk, the first sync. */
export const zhCNBanners = {
  restarting: '本机数据服务正在重新启动（第 {{attempt}} 次）。文字留在表单里，恢复后自动保存。',
  reconnecting: '正在重新连接本机数据服务。文字留在表单里，恢复后自动保存。',
  diskFull: '磁盘已满，新内容暂时存不下。表单里的文字都还在，请清理磁盘，之后自动保存。',
  readOnly: '数据文件夹无法写入。表单里的文字都还在，请联系管理员处理，之后自动保存。',
  relock: '本机数据服务已重新启动，需要再次输入密码。表单里的文字都还在，解锁后自动保存。',
  relockInCall: '通话仍在继续。本机数据服务已重新启动，需要再次输入密码；表单里的文字都还在，解锁后自动保存。',
  firstSync: '首次同步：已接收 {{done}} / {{total}} 条，可以照常接电话、写工单。',
  firstSyncEta: '约剩 {{time}}',
} as const;
