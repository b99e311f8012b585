/** KEDA's `ScaledObject`, as far as it is written here. */
export type ScaledObjectSpec = {
  readonly scaleTargetRef: { readonly name: string; readonly envSourceContainerName?: string };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly pollingInterval?: number;
  readonly cooldownPeriod?: number;
  readonly fallback: {
    readonly failureThreshold: number;
    readonly replicas: number;
    readonly behavior: "static" | "currentReplicas" | "currentReplicasIfHigher";
  };
  readonly advanced: {
    readonly restoreToOriginalReplicaCount: boolean;
    readonly horizontalPodAutoscalerConfig: {
      readonly name: string;
      readonly behavior: {
        readonly scaleUp: ScalingRules;
        readonly scaleDown: ScalingRules;
      };
    };
  };
  readonly triggers: readonly ScaleTrigger[];
};

/** How fast a HorizontalPodAutoscaler goes one way. */
export type ScalingRules = {
  readonly stabilizationWindowSeconds: number;
  readonly policies: readonly {
    readonly type: "Pods" | "Percent";
    readonly value: number;
    readonly periodSeconds: number;
  }[];
};

/** What a `ScaledObject` looks at. */
export type ScaleTrigger =
  | {
      readonly type: "kafka";
      readonly name: string;
      readonly metadata: KafkaTriggerMetadata;
      readonly authenticationRef?: { readonly name: string };
    }
  | {
      readonly type: "rabbitmq";
      readonly name: string;
      readonly metadata: RabbitTriggerMetadata;
      readonly authenticationRef: { readonly name: string };
    }
  | {
      readonly type: "cpu";
      readonly name: string;
      readonly metricType: "Utilization";
      readonly metadata: { readonly value: string };
    };

/** The lag of a consumer group; every value is a text. */
export type KafkaTriggerMetadata = {
  readonly bootstrapServers: string;
  readonly consumerGroup: string;
  readonly topic: string;
  readonly lagThreshold: string;
  readonly offsetResetPolicy: "earliest" | "latest";
  readonly allowIdleConsumers: "false";
  /**
   * How it signs in.
   * @default not at all
   */
  readonly sasl?: "plaintext" | "scram_sha256" | "scram_sha512";
};

/** The length of a queue; every value is a text. */
export type RabbitTriggerMetadata = {
  readonly protocol: "amqp" | "http";
  readonly mode: "QueueLength";
  readonly queueName: string;
  readonly value: string;
};

/** KEDA's `TriggerAuthentication`, as far as it is written here. */
export type TriggerAuthenticationSpec = {
  readonly secretTargetRef: readonly {
    readonly parameter: string;
    readonly name: string;
    readonly key: string;
  }[];
  /**
   * Variables of the scaled workload's container.
   * @default none
   */
  readonly env?: readonly {
    readonly parameter: string;
    readonly name: string;
    readonly containerName: string;
  }[];
};
