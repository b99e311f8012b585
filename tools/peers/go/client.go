package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// A call is what one unary call is made of.
type call struct {
	Address   string            `json:"address"`
	Service   string            `json:"service"`
	Method    string            `json:"method"`
	Request   json.RawMessage   `json:"request"`
	Metadata  map[string]string `json:"metadata"`
	TimeoutMs int               `json:"timeoutMs"`
	// Reflect takes the method from the server's own description and not from the .proto files.
	Reflect bool `json:"reflect"`
}

// An outcome is everything that came back.
type outcome struct {
	Code       int               `json:"code"`
	Details    string            `json:"details"`
	Reply      json.RawMessage   `json:"reply"`
	Metadata   map[string]string `json:"metadata"`
	Violations []string          `json:"violations"`
}

func connect(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// call makes one unary call over a connection of its own; an error status is an answer like another.
func (c *contracts) call(asked call) (any, error) {
	connection, err := connect(asked.Address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	timeout := time.Duration(asked.TimeoutMs) * time.Millisecond
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	ctx = metadata.NewOutgoingContext(ctx, metadata.New(asked.Metadata))
	method, err := c.methodOf(ctx, connection, asked)
	if err != nil {
		return nil, err
	}
	request := dynamicpb.NewMessage(method.Input())
	if err := protojson.Unmarshal(asked.Request, request); err != nil {
		return nil, err
	}
	reply := dynamicpb.NewMessage(method.Output())
	var header, trailer metadata.MD
	path := "/" + asked.Service + "/" + asked.Method
	failure := connection.Invoke(ctx, path, request, reply, grpc.Header(&header), grpc.Trailer(&trailer))
	return c.outcome(reply, status.Convert(failure), texts(header, trailer))
}

func (c *contracts) methodOf(
	ctx context.Context, connection *grpc.ClientConn, asked call,
) (protoreflect.MethodDescriptor, error) {
	if asked.Reflect {
		return reflected(ctx, connection, asked.Service, asked.Method)
	}
	return c.method(asked.Service, asked.Method)
}

func (c *contracts) outcome(reply proto.Message, end *status.Status, said map[string]string) (any, error) {
	violations, err := c.violated(end)
	if err != nil {
		return nil, err
	}
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(reply)
	return outcome{int(end.Code()), end.Message(), text, said, violations}, err
}

// violated are the fields that the rich error model names.
func (c *contracts) violated(end *status.Status) ([]string, error) {
	named := []string{}
	for _, detail := range end.Proto().GetDetails() {
		if !strings.HasSuffix(detail.GetTypeUrl(), "/"+string(c.violations.FullName())) {
			continue
		}
		message := dynamicpb.NewMessage(c.violations)
		if err := proto.Unmarshal(detail.GetValue(), message); err != nil {
			return nil, err
		}
		text, err := protojson.Marshal(message)
		if err != nil {
			return nil, err
		}
		var found struct {
			Violations []struct {
				Field struct {
					Elements []struct{ FieldName string }
				}
			}
		}
		if err := json.Unmarshal(text, &found); err != nil {
			return nil, err
		}
		for _, violation := range found.Violations {
			for _, element := range violation.Field.Elements {
				named = append(named, element.FieldName)
			}
		}
	}
	return named, nil
}
