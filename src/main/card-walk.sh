NODE=./node_modules/.bin/node; RUNNING="${DURE_DATA:-.dure}/running.json"; JSON='content-type: application/json'
of() { $NODE -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; }
DATA=$(of .dataDirectory < "$RUNNING"); COMPANY=$(of .companyUrls.hanbit < "$RUNNING")
TOKEN=$(cat "$DATA/secrets/gateway-control-token")
SAID='.flatMap((s) => [s.outcome, "by " + s.decidedBy, "from the " + s.source, s.voucherWon + " won"]).join(", ")'
pay() { curl -sS "$COMPANY/terminals/T0000001/sales" -H "$JSON" -d "{\"card\":\"HAN0000000000001\",
  \"merchantNumber\":\"900010001300000\",\"amountWon\":$1}" |
  $NODE -p "[JSON.parse(require('fs').readFileSync(0, 'utf8'))]$SAID"; }
waiting() { for N in 0 1; do
    curl -sS "$(of ".gateways[$N].controlUrl" < "$RUNNING")/status" -H "Authorization: Bearer $TOKEN" |
      of '.waiting.notices'
  done | paste -sd+ - | $NODE -p "eval(require('fs').readFileSync(0, 'utf8'))"; }

echo '== 1. 김하늘 pays 8,000 won by card. The core answers: the money comes from her voucher.'
pay 8000

echo '== 2. The core is stopped in the middle of everything, and she pays again. The gateway stands in for it.'
pkill -STOP -f "src/main/core.ts $DATA"
pay 5000

echo '== 3. So many advices wait for the core at the two gateways.'
waiting

echo '== 4. The core goes on, and is told. Nothing waits any more.'
pkill -CONT -f "src/main/core.ts $DATA"
until [ "$(waiting)" = 0 ]; do sleep 1; done; waiting

echo '== 5. The books of the card company, of the gateways and of the ledger say the same: each payment once.'
npm run --silent reconcile
