NODE=./node_modules/.bin/node; RUNNING="${DURE_DATA:-.dure}/running.json"; JSON='content-type: application/json'
part() { $NODE -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; }
CORE=$(part .coreUrl < "$RUNNING"); IDENTITY=$(part .identityUrl < "$RUNNING"); PHONES=$(mktemp -d)
call() { METHOD=$1; WHERE=$2; URL=$CORE$WHERE; shift 2
  PROOF=$($NODE tools/device-proof.ts proof "$PHONE" "$METHOD" "$URL" $TOKEN)
  curl -sS -X "$METHOD" "$URL" -H "DPoP: $PROOF" -H "Authorization: DPoP $TOKEN" "$@" \
    -w "%{stderr}$METHOD $WHERE -> %{http_code}\n"; }
sign_in() { PHONE=$PHONES/$1; TOKEN=; DEVICE=$($NODE tools/device-proof.ts new "$PHONE")
  ASKED=$(curl -sS "$IDENTITY/verifications" -H "$JSON" -d "{\"personId\":\"$1\",\"deviceJwk\":$DEVICE}")
  URL=$IDENTITY/verifications/$(printf %s "$ASKED" | part .verificationId)/confirm
  ASSERTION=$(curl -sS "$URL" -H "$JSON" -d '{"code":"000000"}')
  TOKEN=$(call POST /v1/sessions -H "$JSON" -d "$ASSERTION" | part .accessToken); }
GUNSAN=/v1/issuers/gunsan; BALANCE='.balances.map((b) => b.programName + " " + b.amountWon).join("\n")'

echo '== 1. 김하늘 proves who she is, signs in on a new phone and looks at her wallet.'
sign_in person-0001
call GET $GUNSAN/wallets/wlt_1 | part "$BALANCE"

echo '== 2. She buys 100,000 won of vouchers and pays 90,000. The key is made first: it names this one purchase.'
WISH='{"programId":"prg_1","faceWon":100000}'; KEY=$($NODE -p 'crypto.randomUUID()')
call POST $GUNSAN/purchases/quotes -H "$JSON" -d "$WISH" | part .payWon
call POST $GUNSAN/purchases -H "$JSON" -H "Idempotency-Key: $KEY" -d "$WISH" | part .status

echo '== 3. She scans the sticker at the till of 박정우 and pays 10,000 won. Sent twice with one key, it is paid once.'
STICKER='00020101021126390007kr.dure0106gunsan0205out_10305kit_15204581453034105802KR5912Eunpa Bunsik6009Gunsan-si64210002ko0104은파분식0203군산시63048DE8'
PAY="{\"code\":\"$STICKER\",\"amountWon\":10000}"; KEY=$($NODE -p 'crypto.randomUUID()')
call POST $GUNSAN/payments -H "$JSON" -H "Idempotency-Key: $KEY" -d "$PAY"; echo
call POST $GUNSAN/payments -H "$JSON" -H "Idempotency-Key: $KEY" -d "$PAY" | part .approvedAtKorean
call GET "$GUNSAN/payments/$KEY" | part .approvedAtKorean
call GET $GUNSAN/wallets/wlt_1 | part "$BALANCE"

echo '== 4. She buys 20,000 won more by a virtual account of the bank, and pays in 18,000 from wherever she likes.'
ORDER=$($NODE -p 'crypto.randomUUID()'); BANK=$(part .bankUrl < "$RUNNING")
WISH='{"programId":"prg_1","faceWon":20000}'
NUMBER=$(call POST $GUNSAN/virtual-accounts -H "$JSON" -H "Idempotency-Key: $ORDER" -d "$WISH" | part .accountNumber)
PAID="{\"accountNumber\":\"$NUMBER\",\"amountWon\":18000,\"payer\":\"김하늘\"}"
curl -sS "$BANK/pay-ins" -H "$JSON" -d "$PAID" | part .status
call GET "$GUNSAN/virtual-accounts/$ORDER" | part .state

echo '== 5. 박정우 sees the one payment and gives 4,000 won of it back: 6,000 are owed to him.'
sign_in person-0002
call GET $GUNSAN/merchants/mrc_1/payments | part '.items.map((o) => o.kind + " " + o.amountWon).join("\n")'
call POST "$GUNSAN/payments/$KEY/cancellations" -H "$JSON" -H "Idempotency-Key: $($NODE -p 'crypto.randomUUID()')" \
  -d '{"amountWon":4000}' | part .amountWon
call GET $GUNSAN/merchants/mrc_1/payable | part .payableWon

echo '== 6. The books prove themselves.'
npm run --silent audit
