/** Texts of reminders of limits. */
export const zhCNReminders = {
  step: { '-1': '到期前 1 个工作日', '1': '逾期 1 个工作日', '5': '逾期 5 个工作日' },
  one: '{{no}} {{step}}',
  several: '{{count}} 件工单到了提醒时点',
  acknowledge: '知道了',
  acknowledgeAll: '全部知道了',
  failed: '没能记下，请再试一次；提醒还在列表里。',
  count: '{{count}} 条',
  shown: '最近的 {{count}} 条',
  empty: {
    title: '没有提醒',
    text: '办结时限到期前 1 个工作日、逾期 1 个和 5 个工作日的工单会列在这里，断网也准；{{days}} 天后不再列出，仍在“超期”队列。',
  },
  column: { step: '提醒', no: '工单号', title: '标题', unit: '承办单位', status: '状态', due: '办结时限' },
} as const;
