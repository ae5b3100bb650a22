/** Texts of times: ages, spans, what is left of a clock. */
export const zhCNTime = {
  today: '今天',
  yesterday: '昨天',
  age: {
    now: '刚刚',
    seconds: '{{count}} 秒前',
    minutes: '{{count}} 分钟前',
    hours: '{{count}} 小时前',
    days: '{{count}} 天前',
  },
  span: { seconds: '{{count}} 秒', minutes: '{{count}} 分钟', hours: '{{count}} 小时', days: '{{count}} 天' },
  left: '剩 {{time}}',
  overdue: '超期 {{time}}',
  duration: { hoursMinutes: '{{h}} 时 {{m}} 分', minutesSeconds: '{{m}} 分 {{s}} 秒', seconds: '{{s}} 秒' },
  fullTitle: '{{time}}（北京时间）',
} as const;
