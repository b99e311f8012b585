package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	reflection "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

const listTimeout = 5 * time.Second

// ask puts one question to a server's reflection service, version 1.
func ask(
	ctx context.Context, connection *grpc.ClientConn, question *reflection.ServerReflectionRequest,
) (*reflection.ServerReflectionResponse, error) {
	stream, err := reflection.NewServerReflectionClient(connection).ServerReflectionInfo(ctx)
	if err != nil {
		return nil, err
	}
	if err := stream.Send(question); err != nil {
		return nil, err
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	return stream.Recv()
}

// list names the services that a server describes.
func list(at place) (any, error) {
	connection, err := connect(at.Address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), listTimeout)
	defer cancel()
	question := &reflection.ServerReflectionRequest_ListServices{}
	reply, err := ask(ctx, connection, &reflection.ServerReflectionRequest{MessageRequest: question})
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, service := range reply.GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	return names, nil
}

// reflected finds a method in a server's own description of itself.
func reflected(
	ctx context.Context, connection *grpc.ClientConn, service, method string,
) (protoreflect.MethodDescriptor, error) {
	question := &reflection.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service}
	reply, err := ask(ctx, connection, &reflection.ServerReflectionRequest{MessageRequest: question})
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	for _, bytes := range reply.GetFileDescriptorResponse().GetFileDescriptorProto() {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(bytes, file); err != nil {
			return nil, err
		}
		set.File = append(set.File, file)
	}
	described, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, err
	}
	found, err := described.FindDescriptorByName(protoreflect.FullName(service + "." + method))
	if err != nil {
		return nil, err
	}
	if descriptor, ok := found.(protoreflect.MethodDescriptor); ok {
		return descriptor, nil
	}
	return nil, fmt.Errorf("%s is no method", found.FullName())
}
