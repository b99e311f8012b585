package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"
)

var files = []string{
	"wethertweet/wethertweet.proto",
	"weathertweet/weathertweet.proto",
	"confproto/confproto.proto",
	"buf/validate/validate.proto",
}

// contracts are the .proto files, compiled when the program runs: no generated code has to agree with them.
type contracts struct {
	services   map[protoreflect.FullName]protoreflect.ServiceDescriptor
	violations protoreflect.MessageDescriptor
}

func compile(folder string) (*contracts, error) {
	resolver := &protocompile.SourceResolver{ImportPaths: []string{folder}}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(resolver)}
	compiled, err := compiler.Compile(context.Background(), files...)
	if err != nil {
		return nil, err
	}
	found := &contracts{services: map[protoreflect.FullName]protoreflect.ServiceDescriptor{}}
	for _, file := range compiled {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			found.services[service.FullName()] = service
		}
		if message := file.Messages().ByName("Violations"); message != nil {
			found.violations = message
		}
	}
	return found, nil
}

// method finds a method by the full name of its service and its own.
func (c *contracts) method(service, name string) (protoreflect.MethodDescriptor, error) {
	if found := c.services[protoreflect.FullName(service)]; found != nil {
		if method := found.Methods().ByName(protoreflect.Name(name)); method != nil {
			return method, nil
		}
	}
	return nil, fmt.Errorf("no method %s/%s", service, name)
}

// texts are the metadata that are not binary, with the last value of each.
func texts(all ...map[string][]string) map[string]string {
	found := map[string]string{}
	for _, each := range all {
		for key, values := range each {
			if !strings.HasSuffix(key, "-bin") {
				found[key] = values[len(values)-1]
			}
		}
	}
	return found
}
