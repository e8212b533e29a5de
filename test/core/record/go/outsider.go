// Verifies signed checkpoints and the proofs between them with Go's own packages of its checksum database, reading one JSON object.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type given struct {
	VerifierKey  string
	Checkpoints  []string
	Consistency  []tlog.Hash // from the first checkpoint to the second
	Texts        []string    // in the tree of the second, by position
	Inclusion    [][]tlog.Hash
}

func open(text, key string) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(key)
	check(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return size, root
}

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func main() {
	var g given
	check(json.NewDecoder(os.Stdin).Decode(&g))
	size, root := open(g.Checkpoints[0], g.VerifierKey)
	later, laterRoot := open(g.Checkpoints[1], g.VerifierKey)
	check(tlog.CheckTree(tlog.TreeProof(g.Consistency), later, laterRoot, size, root))
	for i, text := range g.Texts {
		check(tlog.CheckRecord(tlog.RecordProof(g.Inclusion[i]), later, laterRoot, int64(i), tlog.RecordHash([]byte(text))))
	}
	fmt.Printf("sound: %d leaves, then %d\n", size, later)
}
