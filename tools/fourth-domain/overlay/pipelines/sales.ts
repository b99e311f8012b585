import { create } from "@bufbuild/protobuf";
import { RecordSaleRequestSchema, SalesService } from "../gen/sales/v1/sales_pb.ts";
import { jsonFields } from "../lib/pipeline/json-fields.ts";
import { labels } from "../lib/pipeline/labels.ts";
import { pipeline } from "../lib/pipeline/pipeline.ts";

const recordSale = SalesService.method.recordSale;
const recorded = { status: "recorded" };
const payments = labels("payment", { 0: ["unknown"], 1: ["cash"], 2: ["card"] });

/** Sales of shops: what is sold where, and what it earns. */
export const sales = pipeline({
  name: "sales",
  message: RecordSaleRequestSchema,
  sample: { shop: "Antigua", product: "coffee", quantity: 2, cents: 550, payment: "PAYMENT_CASH" },
  broker: {
    topic: "sales",
    queue: "sales",
    encode: (sale) => ({
      shop: sale.shop,
      product: sale.product,
      quantity: sale.quantity,
      cents: sale.cents,
      payment: payments.nameOf(sale.payment),
    }),
    decode: (json) => {
      const fields = jsonFields(json);
      return create(RecordSaleRequestSchema, {
        shop: fields.text("shop", 64),
        product: fields.text("product", 64),
        quantity: fields.whole("quantity", 1, 1_000),
        cents: fields.whole("cents", 0, 100_000_000),
        payment: payments.valueOf(fields.value("payment")),
      });
    },
    // A shop's sales keep their order.
    key: ({ shop }) => shop,
  },
  fold: ({ message: { shop, product, quantity, cents, payment } }) => [
    { op: "count", key: "sales" },
    { op: "countField", key: "sales:payment", field: payments.nameOf(payment) },
    { op: "sum", key: "sold", field: product, value: quantity },
    { op: "sum", key: "cents", field: shop, value: cents },
    { op: "max", key: "best", field: shop, value: cents },
  ],
  state: [
    { key: "sales", kind: "value" },
    { key: "sales:payment", kind: "hash" },
    { key: "sold", kind: "hash" },
    { key: "cents", kind: "hash" },
    { key: "best", kind: "hash" },
  ],
  stations: {
    api: {
      plays: "relay",
      http: {
        port: 8_080,
        routes: [{ kind: "event", path: "/sale", reply: { status: 201, json: recorded } }],
      },
      grpc: { port: 50_051, rpcs: [{ method: recordSale, reply: recorded }] },
      next: [
        { lane: "kafka", via: "broker" },
        { lane: "rabbit", via: "broker" },
      ],
      deadlineMs: 5_000,
    },
    "kafka-consumer": { plays: "consumer", lane: "kafka", group: "sales", label: "Kafka" },
    "rabbit-consumer": { plays: "consumer", lane: "rabbit", group: "sales", label: "Rabbit" },
  },
});
