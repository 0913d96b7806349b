/** Words of orders to gateways: what each means before it is given, and what came of it. */
export const orderWords = {
  ko: {
    titles: {
      standin: '대행승인 지시',
      sign_off: '카드사 회선 차단',
      sign_on: '카드사 회선 다시 열기',
    },
    deeds: { standin: '지시하기', sign_off: '차단하기', sign_on: '다시 열기' },
    mode: '어떻게',
    meanings: {
      automatic: '코어가 제때 답하지 않을 때만 대신 승인합니다. 같은 대상의 지시를 거둡니다.',
      forced: '코어에 묻지 않고 바로 대신 승인합니다. 코어 점검 전에 씁니다.',
      forbidden:
        '코어가 답하지 않으면 “확인 불가”로 답합니다. 카드사는 고객이 미리 고른 대로 합니다.',
    },
    links: {
      sign_off: (partner: string) =>
        `${partner}의 결제를 이 회선으로 받지 않습니다. 다른 게이트웨이의 회선은 그대로입니다.`,
      sign_on: (partner: string) =>
        `${partner}의 접속을 다시 받습니다. 개시는 카드사가 스스로 합니다.`,
    },
    gateway: '어느 게이트웨이에',
    allGateways: '모든 게이트웨이',
    partner: '카드사',
    allPartners: '모든 카드사',
    issuer: '발행기관',
    allIssuers: '모든 발행기관',
    reason: '까닭',
    reasonHint: '이름과 함께 기록에 남습니다.',
    reasonMissing: '까닭을 적어 주세요.',
    outcomes: { done: '처리됨', refused: '거절됨', no_answer: '답 없음' },
    close: '닫기',
  },
  en: {
    titles: {
      standin: 'Order about stand-in',
      sign_off: 'Sign a card company off',
      sign_on: 'Sign a card company on',
    },
    deeds: { standin: 'Give the order', sign_off: 'Sign off', sign_on: 'Sign on again' },
    mode: 'How',
    meanings: {
      automatic: 'Stands in only when the core does not answer in time. Takes back the order.',
      forced: 'Stands in without asking the core. For planned work on the core.',
      forbidden: 'Without the core the answer is “unknown”: the cardholder’s own choice decides.',
    },
    links: {
      sign_off: (partner: string) =>
        `Payments of ${partner} are not taken on this link. Links of the other gateway go on.`,
      sign_on: (partner: string) => `${partner} may dial again. It signs on by itself.`,
    },
    gateway: 'Which gateway',
    allGateways: 'All gateways',
    partner: 'Card company',
    allPartners: 'All card companies',
    issuer: 'Issuer',
    allIssuers: 'All issuers',
    reason: 'Reason',
    reasonHint: 'Recorded with your name.',
    reasonMissing: 'Give the reason.',
    outcomes: { done: 'Done', refused: 'Refused', no_answer: 'No answer' },
    close: 'Close',
  },
}
