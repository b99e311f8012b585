// The peer is a program that is not ours: a gRPC client and server of grpc-go.
//
// Started as `peer <folder of .proto files>`. Takes commands on its standard input, one JSON object a line
// (`{"id": 1, "op": "call", ...}`), and answers each with `{"id": 1, "result": ...}` or `{"id": 1, "error": "..."}`.
// Commands run at the same time. Ends with its standard input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
)

const lineBytesMax = 1 << 20

// A command is one line of the standard input; its other members are the operation's own.
type command struct {
	ID int    `json:"id"`
	Op string `json:"op"`
}

// An operation takes the whole line and yields what goes into the result.
type operation func(line []byte) (any, error)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("Cannot start: the folder of .proto files is missing")
	}
	contracts, err := compile(os.Args[1])
	if err != nil {
		log.Fatalf("Cannot compile %s: %v", os.Args[1], err)
	}
	server := &rpcServer{contracts: contracts}
	answerAll(map[string]operation{
		"call":     operate(contracts.call),
		"list":     operate(list),
		"serve":    operate(server.serve),
		"received": operate(server.take),
		"answer":   operate(server.setAnswer),
		"stop":     operate(server.stop),
	})
}

// operate makes an operation of a function that takes its arguments as JSON.
func operate[A any](run func(A) (any, error)) operation {
	return func(line []byte) (any, error) {
		var arguments A
		if err := json.Unmarshal(line, &arguments); err != nil {
			return nil, err
		}
		return run(arguments)
	}
}

// answerAll answers commands until there are no more, without waiting for those whose answers nobody reads.
func answerAll(operations map[string]operation) {
	var printing sync.Mutex
	answer := func(line []byte) {
		reply := map[string]any{}
		var asked command
		err := json.Unmarshal(line, &asked)
		if err == nil {
			reply["id"] = asked.ID
			run, known := operations[asked.Op]
			if known {
				reply["result"], err = run(line)
			} else {
				err = fmt.Errorf("no operation %q", asked.Op)
			}
		}
		if err != nil {
			reply["error"] = err.Error()
		}
		text, _ := json.Marshal(reply)
		printing.Lock()
		defer printing.Unlock()
		fmt.Println(string(text))
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	for lines.Scan() {
		go answer([]byte(lines.Text()))
	}
}
