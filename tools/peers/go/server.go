package main

import (
	"context"
	"encoding/json"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// An rpcServer answers all services, remembers what it got and answers as it is told. It knows neither health checks
// nor reflection.
type rpcServer struct {
	contracts *contracts
	lock      sync.Mutex
	server    *grpc.Server
	received  []received
	answer    answer
}

type received struct {
	Method   string            `json:"method"`
	Request  json.RawMessage   `json:"request"`
	Metadata map[string]string `json:"metadata"`
}

// An answer is an error status, unless the code is 0, after a while.
type answer struct {
	Code     codes.Code        `json:"code"`
	Details  string            `json:"details"`
	Metadata map[string]string `json:"metadata"`
	DelayMs  int               `json:"delayMs"`
}

type place struct {
	Address string `json:"address"`
}

func (s *rpcServer) serve(at place) (any, error) {
	listener, err := net.Listen("tcp", at.Address)
	if err != nil {
		return nil, err
	}
	s.server = grpc.NewServer()
	for _, service := range s.contracts.services {
		s.server.RegisterService(s.describe(service), nil)
	}
	go s.server.Serve(listener)
	return nil, nil
}

func (s *rpcServer) describe(service protoreflect.ServiceDescriptor) *grpc.ServiceDesc {
	methods := []grpc.MethodDesc{}
	for i := range service.Methods().Len() {
		method := service.Methods().Get(i)
		handler := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			request := dynamicpb.NewMessage(method.Input())
			if err := decode(request); err != nil {
				return nil, err
			}
			return dynamicpb.NewMessage(method.Output()), s.handle(ctx, method, request)
		}
		methods = append(methods, grpc.MethodDesc{MethodName: string(method.Name()), Handler: handler})
	}
	return &grpc.ServiceDesc{ServiceName: string(service.FullName()), Methods: methods}
}

func (s *rpcServer) handle(ctx context.Context, method protoreflect.MethodDescriptor, request *dynamicpb.Message) error {
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(request)
	if err != nil {
		return err
	}
	sent, _ := metadata.FromIncomingContext(ctx)
	name := string(method.Parent().FullName()) + "/" + string(method.Name())
	s.lock.Lock()
	s.received = append(s.received, received{name, text, texts(sent)})
	told := s.answer
	s.lock.Unlock()
	select {
	case <-time.After(time.Duration(told.DelayMs) * time.Millisecond):
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
	if err := grpc.SetTrailer(ctx, metadata.New(told.Metadata)); err != nil {
		return err
	}
	// The code 0 makes no error.
	return status.Error(told.Code, told.Details)
}

// take yields what came since it was asked last.
func (s *rpcServer) take(struct{}) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	taken := append([]received{}, s.received...)
	s.received = nil
	return taken, nil
}

func (s *rpcServer) setAnswer(told answer) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.answer = told
	return nil, nil
}

func (s *rpcServer) stop(struct{}) (any, error) {
	if s.server != nil {
		s.server.Stop()
	}
	return nil, nil
}
