/**
 * 88 real municipalities (시·군·자치구) as they were named on 2026-01-01, with districts that exist in
 * them. Everything else in the demonstration is invented: none of them has anything to do with
 * this program.
 */
import type { Province } from '../issuing/issuing.ts'

/**
 * How much the state supports: the discounts of 2025 H2 were 7 % for bodies without state subsidy
 * (불교부단체), 10 % in the capital region, 13 % outside it and 15 % in depopulation areas (인구감소지역).
 */
export const supportClasses = ['unsubsidised', 'capital', 'non_capital', 'depopulation'] as const
export type SupportClass = (typeof supportClasses)[number]

export interface Municipality {
  readonly code: string
  readonly nameKo: string
  readonly nameEn: string
  readonly province: Province
  readonly supportClass: SupportClass
  /** 읍·면·동 that exist; the first is where most shops are. */
  readonly districts: readonly string[]
}

/** Code, Korean name, English name, support class by letter, districts. */
type Row = readonly [string, string, string, 'u' | 'c' | 'n' | 'd', string]

const supportClassOf = {
  u: 'unsubsidised',
  c: 'capital',
  n: 'non_capital',
  d: 'depopulation',
} as const satisfies Record<Row[3], SupportClass>

// Gunsan stands first: it is the city of the walk-through and gets issuer number 1.
const rows: readonly (readonly [Province, readonly Row[]])[] = [
  [
    'jeonbuk',
    [
      ['gunsan', '군산시', 'Gunsan-si', 'n', '나운동 수송동 조촌동 미룡동 월명동 소룡동'],
      ['iksan', '익산시', 'Iksan-si', 'n', '영등동 모현동 어양동'],
      ['jeongeup', '정읍시', 'Jeongeup-si', 'd', '수성동 상동 신태인읍'],
      ['namwon', '남원시', 'Namwon-si', 'd', '도통동 향교동 운봉읍'],
      ['gimje', '김제시', 'Gimje-si', 'd', '요촌동 검산동 만경읍'],
      ['wanju', '완주군', 'Wanju-gun', 'n', '봉동읍 삼례읍 이서면'],
      ['jinan', '진안군', 'Jinan-gun', 'd', '진안읍 마령면'],
      ['muju', '무주군', 'Muju-gun', 'd', '무주읍 설천면'],
      ['jangsu', '장수군', 'Jangsu-gun', 'd', '장수읍 장계면'],
      ['sunchang', '순창군', 'Sunchang-gun', 'd', '순창읍 복흥면'],
      ['gochang', '고창군', 'Gochang-gun', 'd', '고창읍 해리면'],
      ['buan', '부안군', 'Buan-gun', 'd', '부안읍 줄포면'],
    ],
  ],
  [
    'busan',
    [
      ['busan-donggu', '동구', 'Dong-gu', 'd', '초량동 범일동 수정동'],
      ['yeongdo', '영도구', 'Yeongdo-gu', 'd', '봉래동 동삼동 청학동'],
      ['gijang', '기장군', 'Gijang-gun', 'n', '기장읍 정관읍 일광읍'],
    ],
  ],
  [
    'daegu',
    [
      ['daegu-namgu', '남구', 'Nam-gu', 'd', '대명동 봉덕동 이천동'],
      ['dalseong', '달성군', 'Dalseong-gun', 'n', '화원읍 다사읍 현풍읍'],
      ['gunwi', '군위군', 'Gunwi-gun', 'd', '군위읍 효령면'],
    ],
  ],
  [
    'incheon',
    [
      ['bupyeong', '부평구', 'Bupyeong-gu', 'c', '부평동 산곡동 삼산동'],
      ['ganghwa', '강화군', 'Ganghwa-gun', 'd', '강화읍 길상면'],
      ['ongjin', '옹진군', 'Ongjin-gun', 'd', '영흥면 백령면'],
    ],
  ],
  ['gwangju', [['gwangsan', '광산구', 'Gwangsan-gu', 'n', '수완동 송정동 월곡동']]],
  ['daejeon', [['daedeok', '대덕구', 'Daedeok-gu', 'n', '오정동 송촌동 신탄진동']]],
  ['ulsan', [['ulju', '울주군', 'Ulju-gun', 'n', '범서읍 언양읍 온산읍']]],
  [
    'gyeonggi',
    [
      ['seongnam', '성남시', 'Seongnam-si', 'u', '신흥동 서현동 정자동'],
      ['hwaseong', '화성시', 'Hwaseong-si', 'u', '병점동 봉담읍 향남읍'],
      ['siheung', '시흥시', 'Siheung-si', 'c', '정왕동 대야동 은행동'],
      ['gimpo', '김포시', 'Gimpo-si', 'c', '사우동 장기동 통진읍'],
      ['pocheon', '포천시', 'Pocheon-si', 'c', '신읍동 소흘읍'],
      ['gapyeong', '가평군', 'Gapyeong-gun', 'd', '가평읍 청평면'],
      ['yeoncheon', '연천군', 'Yeoncheon-gun', 'd', '연천읍 전곡읍'],
    ],
  ],
  [
    'gangwon',
    [
      ['taebaek', '태백시', 'Taebaek-si', 'd', '황지동 장성동'],
      ['samcheok', '삼척시', 'Samcheok-si', 'd', '남양동 도계읍'],
      ['hongcheon', '홍천군', 'Hongcheon-gun', 'd', '홍천읍 남면'],
      ['hoengseong', '횡성군', 'Hoengseong-gun', 'd', '횡성읍 둔내면'],
      ['yeongwol', '영월군', 'Yeongwol-gun', 'd', '영월읍 주천면'],
      ['pyeongchang', '평창군', 'Pyeongchang-gun', 'd', '평창읍 진부면'],
      ['jeongseon', '정선군', 'Jeongseon-gun', 'd', '정선읍 사북읍'],
      ['cheorwon', '철원군', 'Cheorwon-gun', 'd', '동송읍 갈말읍'],
      ['hwacheon', '화천군', 'Hwacheon-gun', 'd', '화천읍 사내면'],
      ['yanggu', '양구군', 'Yanggu-gun', 'd', '양구읍 해안면'],
      ['goseong-gangwon', '고성군', 'Goseong-gun', 'd', '간성읍 거진읍'],
      ['yangyang', '양양군', 'Yangyang-gun', 'd', '양양읍 현남면'],
    ],
  ],
  [
    'chungbuk',
    [
      ['chungju', '충주시', 'Chungju-si', 'n', '연수동 성서동 주덕읍'],
      ['jecheon', '제천시', 'Jecheon-si', 'd', '청전동 장락동 봉양읍'],
      ['boeun', '보은군', 'Boeun-gun', 'd', '보은읍 속리산면'],
      ['okcheon', '옥천군', 'Okcheon-gun', 'd', '옥천읍 이원면'],
      ['yeongdong', '영동군', 'Yeongdong-gun', 'd', '영동읍 황간면'],
      ['jincheon', '진천군', 'Jincheon-gun', 'n', '진천읍 덕산읍'],
      ['goesan', '괴산군', 'Goesan-gun', 'd', '괴산읍 청천면'],
      ['danyang', '단양군', 'Danyang-gun', 'd', '단양읍 매포읍'],
    ],
  ],
  [
    'chungnam',
    [
      ['gongju', '공주시', 'Gongju-si', 'd', '신관동 중학동 유구읍'],
      ['boryeong', '보령시', 'Boryeong-si', 'd', '대천동 동대동 웅천읍'],
      ['asan', '아산시', 'Asan-si', 'n', '온천동 모종동 배방읍'],
      ['seosan', '서산시', 'Seosan-si', 'n', '동문동 예천동 대산읍'],
      ['nonsan', '논산시', 'Nonsan-si', 'd', '취암동 강경읍 연무읍'],
      ['dangjin', '당진시', 'Dangjin-si', 'n', '읍내동 송악읍 합덕읍'],
      ['geumsan', '금산군', 'Geumsan-gun', 'd', '금산읍 추부면'],
      ['buyeo', '부여군', 'Buyeo-gun', 'd', '부여읍 규암면'],
      ['seocheon', '서천군', 'Seocheon-gun', 'd', '서천읍 장항읍'],
      ['cheongyang', '청양군', 'Cheongyang-gun', 'd', '청양읍 정산면'],
      ['hongseong', '홍성군', 'Hongseong-gun', 'n', '홍성읍 홍북읍 광천읍'],
      ['yesan', '예산군', 'Yesan-gun', 'd', '예산읍 삽교읍'],
      ['taean', '태안군', 'Taean-gun', 'd', '태안읍 안면읍'],
    ],
  ],
  [
    'jeonnam',
    [
      ['mokpo', '목포시', 'Mokpo-si', 'n', '상동 용당동 옥암동'],
      ['yeosu', '여수시', 'Yeosu-si', 'n', '학동 여서동 돌산읍'],
      ['suncheon', '순천시', 'Suncheon-si', 'n', '조례동 연향동 승주읍'],
      ['gwangyang', '광양시', 'Gwangyang-si', 'n', '중동 광양읍'],
      ['damyang', '담양군', 'Damyang-gun', 'd', '담양읍 창평면'],
      ['goheung', '고흥군', 'Goheung-gun', 'd', '고흥읍 도양읍'],
      ['haenam', '해남군', 'Haenam-gun', 'd', '해남읍 송지면'],
      ['yeongam', '영암군', 'Yeongam-gun', 'd', '영암읍 삼호읍'],
    ],
  ],
  [
    'gyeongbuk',
    [
      ['andong', '안동시', 'Andong-si', 'd', '옥동 태화동 풍산읍'],
      ['yeongju', '영주시', 'Yeongju-si', 'd', '휴천동 영주동 풍기읍'],
      ['yeongcheon', '영천시', 'Yeongcheon-si', 'd', '완산동 망정동 금호읍'],
      ['sangju', '상주시', 'Sangju-si', 'd', '무양동 냉림동 함창읍'],
      ['mungyeong', '문경시', 'Mungyeong-si', 'd', '모전동 점촌동 문경읍'],
      ['uiseong', '의성군', 'Uiseong-gun', 'd', '의성읍 안계면'],
      ['cheongsong', '청송군', 'Cheongsong-gun', 'd', '청송읍 진보면'],
      ['seongju', '성주군', 'Seongju-gun', 'd', '성주읍 선남면'],
      ['yecheon', '예천군', 'Yecheon-gun', 'n', '예천읍 호명읍'],
    ],
  ],
  [
    'gyeongnam',
    [
      ['geoje', '거제시', 'Geoje-si', 'n', '고현동 옥포동 장승포동'],
      ['miryang', '밀양시', 'Miryang-si', 'd', '내이동 삼문동 삼랑진읍'],
      ['changnyeong', '창녕군', 'Changnyeong-gun', 'd', '창녕읍 남지읍'],
      ['goseong-gyeongnam', '고성군', 'Goseong-gun', 'd', '고성읍 회화면'],
      ['namhae', '남해군', 'Namhae-gun', 'd', '남해읍 창선면'],
      ['hadong', '하동군', 'Hadong-gun', 'd', '하동읍 진교면'],
      ['hamyang', '함양군', 'Hamyang-gun', 'd', '함양읍 안의면'],
    ],
  ],
]

/** In issuer order: the first is issuer number 1. */
export const municipalities: readonly Municipality[] = rows.flatMap(([province, list]) =>
  list.map(([code, nameKo, nameEn, letter, districts]) => ({
    code,
    nameKo,
    nameEn,
    province,
    supportClass: supportClassOf[letter],
    districts: districts.split(' '),
  })),
)
