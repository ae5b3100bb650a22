/** Texts of the sheet of shortcuts. */
export const zhCNShortcuts = {
  title: '快捷键',
  note: '输入法组字时，所有快捷键都不生效。',
  groups: {
    call: '通话',
    intake: '录入',
    go: '前往',
    triage: '队列（列表中）',
    oversight: '督办（打开的工单）',
    outbox: '待同步',
    app: '通用',
  },
  inList: '列表中：↑ ↓ 或 J K 选择，回车打开，Home / End 到头尾',
  inTabs: '草稿标签上：← → 切换，Delete 放弃（可撤销）',
} as const;
