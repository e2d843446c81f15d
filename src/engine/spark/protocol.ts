/**
 * What is used of the Spark Connect protocol: names and field numbers of Apache Spark's own `.proto` files, as protobuf.js writes
 * them in JSON. Other fields are skipped in answers and never sent.
 * Source: https://github.com/apache/spark/tree/master/sql/connect/common/src/main/protobuf/spark/connect
 */

type Namespace = Parameters<typeof import("@grpc/proto-loader").fromJSON>[0];
type Field = readonly [type: string, id: number];
type Fields = Readonly<Record<string, Field>>;

interface Message {
  oneofs?: Record<string, { oneof: string[] }>;
  fields: Record<string, { rule?: "repeated"; keyType?: string; type: string; id: number }>;
}

/** A message with plain fields, lists of others, and names of which at most one is given. */
function message(fields: Fields, lists: Fields = {}, ...oneOf: string[]): Message {
  const plain = Object.entries(fields).map(([name, [type, id]]) => [name, { type, id }]);
  const repeated = Object.entries(lists).map(([name, [type, id]]) => [name, { rule: "repeated", type, id }]);
  return {
    ...(oneOf.length > 0 ? { oneofs: { one: { oneof: oneOf } } } : {}),
    fields: Object.fromEntries([...plain, ...repeated]),
  };
}

const SESSION: Fields = { sessionId: ["string", 1], userContext: ["UserContext", 2] };

const LITERAL: Fields = {
  ...{ null: ["DataType", 1], boolean: ["bool", 3], long: ["int64", 7], double: ["double", 11] },
  ...{ decimal: ["Decimal", 12], string: ["string", 13], timestamp: ["int64", 17] },
};

const RESPONSES: Fields = {
  arrowBatch: ["ArrowBatch", 2],
  resultComplete: ["Empty", 14],
  executionProgress: ["ExecutionProgress", 18],
};

const MESSAGES: Record<string, Message> = {
  Empty: message({}),
  UserContext: message({ userId: ["string", 1], userName: ["string", 2] }),
  DataType: message({ null: ["Empty", 1] }),
  Decimal: message({ value: ["string", 1] }),
  Literal: message(LITERAL, {}, ...Object.keys(LITERAL)),
  Expression: message({ literal: ["Literal", 1] }),
  Sql: {
    fields: {
      query: { type: "string", id: 1 },
      namedArguments: { keyType: "string", type: "Expression", id: 4 },
      posArguments: { rule: "repeated", type: "Expression", id: 5 },
    },
  },
  Relation: message({ sql: ["Sql", 10] }),
  Plan: message({ root: ["Relation", 1] }),
  ReattachOptions: message({ reattachable: ["bool", 1] }),
  RequestOption: message({ reattachOptions: ["ReattachOptions", 1] }),
  ExecutePlanRequest: message(
    { ...SESSION, plan: ["Plan", 3], clientType: ["string", 4], operationId: ["string", 6] },
    { requestOptions: ["RequestOption", 5] },
  ),
  ArrowBatch: message({ rowCount: ["int64", 1], data: ["bytes", 2] }),
  StageInfo: message({ numTasks: ["int64", 2], numCompletedTasks: ["int64", 3] }),
  ExecutionProgress: message({}, { stages: ["StageInfo", 1] }),
  ExecutePlanResponse: message({ ...RESPONSES, responseId: ["string", 13] }, {}, ...Object.keys(RESPONSES)),
  ReattachExecuteRequest: message({
    ...SESSION,
    operationId: ["string", 3],
    clientType: ["string", 4],
    lastResponseId: ["string", 5],
  }),
  ReleaseExecuteRequest: message({ ...SESSION, operationId: ["string", 3], releaseAll: ["Empty", 5] }),
  InterruptRequest: message({
    ...SESSION,
    clientType: ["string", 3],
    interruptType: ["int32", 4],
    operationId: ["string", 6],
  }),
  ReleaseSessionRequest: message({ ...SESSION, clientType: ["string", 3] }),
  KeyValue: message({ key: ["string", 1], value: ["string", 2] }),
  Set: message({ silent: ["bool", 2] }, { pairs: ["KeyValue", 1] }),
  Operation: message({ set: ["Set", 1] }),
  ConfigRequest: message({ ...SESSION, operation: ["Operation", 3], clientType: ["string", 4] }),
};

/** `INTERRUPT_TYPE_OPERATION_ID`. */
export const INTERRUPT_ONE_OPERATION = 3;

const METHODS = {
  ExecutePlan: method("ExecutePlanRequest", "ExecutePlanResponse", "Runs a query.", true),
  ReattachExecute: method("ReattachExecuteRequest", "ExecutePlanResponse", "Takes a stream up again.", true),
  ReleaseExecute: method("ReleaseExecuteRequest", "Empty", "Ends a query."),
  Interrupt: method("InterruptRequest", "Empty", "Stops a query."),
  Config: method("ConfigRequest", "Empty", "Sets configuration."),
  ReleaseSession: method("ReleaseSessionRequest", "Empty", "Ends the session."),
};

function method(requestType: string, responseType: string, comment: string, responseStream = false) {
  return { requestType, responseType, responseStream, comment };
}

/** The service `spark.connect.SparkConnectService`. */
export const PROTOCOL: Namespace = {
  nested: {
    spark: {
      nested: { connect: { nested: { ...MESSAGES, SparkConnectService: { methods: METHODS } } } },
    },
  },
};
