/**
 * Where the shops of the demonstration are: invented, within a few kilometres of a point in the town that is really
 * there. Drawn from an outlet's number alone, so that nothing else of the country changes by it.
 */
import { keptPosition, type Position } from '../acquiring/acquiring.ts'
import { assert, type OutletId } from '../base/base.ts'
import { createRandom } from './random.ts'

/** About two kilometres. */
const APART_MICRODEGREES = 20_000
const MICRO = 1_000_000

/** Municipality code, latitude, longitude: a point among its houses. */
const centres = `
gunsan 35.967 126.715, iksan 35.950 126.960, jeongeup 35.570 126.856, namwon 35.416 127.390, gimje 35.803 126.881
wanju 35.940 127.160, jinan 35.791 127.425, muju 36.007 127.661, jangsu 35.647 127.521, sunchang 35.374 127.138
gochang 35.436 126.702, buan 35.732 126.733, busan-donggu 35.130 129.045, yeongdo 35.090 129.065
gijang 35.244 129.205, daegu-namgu 35.846 128.597, dalseong 35.775 128.431, gunwi 36.243 128.573
bupyeong 37.507 126.722, ganghwa 37.747 126.488, ongjin 37.255 126.470, gwangsan 35.140 126.795
daedeok 36.360 127.425, ulju 35.560 129.120, seongnam 37.420 127.130, hwaseong 37.205 126.860
siheung 37.380 126.800, gimpo 37.620 126.720, pocheon 37.895 127.200, gapyeong 37.831 127.510
yeoncheon 38.096 127.075, taebaek 37.164 128.986, samcheok 37.450 129.160, hongcheon 37.697 127.889
hoengseong 37.491 127.985, yeongwol 37.184 128.462, pyeongchang 37.370 128.390, jeongseon 37.380 128.661
cheorwon 38.147 127.313, hwacheon 38.106 127.708, yanggu 38.110 127.990, goseong-gangwon 38.376 128.465
yangyang 38.075 128.615, chungju 36.991 127.926, jecheon 37.133 128.191, boeun 36.489 127.729
okcheon 36.306 127.571, yeongdong 36.175 127.776, jincheon 36.855 127.435, goesan 36.815 127.787
danyang 36.985 128.365, gongju 36.450 127.120, boryeong 36.345 126.610, asan 36.785 127.005
seosan 36.780 126.455, nonsan 36.190 127.095, dangjin 36.890 126.630, geumsan 36.109 127.488
buyeo 36.276 126.910, seocheon 36.080 126.695, cheongyang 36.459 126.802, hongseong 36.600 126.665
yesan 36.680 126.845, taean 36.752 126.300, mokpo 34.810 126.420, yeosu 34.765 127.662
suncheon 34.950 127.490, gwangyang 34.950 127.690, damyang 35.321 126.988, goheung 34.611 127.285
haenam 34.573 126.599, yeongam 34.800 126.697, andong 36.566 128.727, yeongju 36.810 128.624
yeongcheon 35.970 128.940, sangju 36.411 128.159, mungyeong 36.590 128.195, uiseong 36.353 128.697
cheongsong 36.436 129.057, seongju 35.919 128.283, yecheon 36.655 128.453, geoje 34.885 128.625
miryang 35.500 128.750, changnyeong 35.542 128.492, goseong-gyeongnam 34.975 128.322, namhae 34.838 127.893
hadong 35.070 127.750, hamyang 35.520 127.727`

const centreOf = new Map(
  centres
    .trim()
    .split(/[,\n]\s*/u)
    .map((entry): readonly [string, Position] => {
      const [code = '', latitude, longitude] = entry.split(' ')
      return [code, { latitude: Number(latitude), longitude: Number(longitude) }]
    }),
)

/** @param code of the municipality */
export function positionOf(code: string, outletId: OutletId): Position {
  const centre = centreOf.get(code)
  assert(centre !== undefined, `${code} has a point on the map`)
  const random = createRandom(outletId)
  const apart = () => random.integer(-APART_MICRODEGREES, APART_MICRODEGREES) / MICRO
  return keptPosition({
    latitude: centre.latitude + apart(),
    longitude: centre.longitude + apart(),
  })
}
