// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2

// Command logcheck checks a log of the signaalregister with golang.org/x/mod/sumdb, the code by which every Go
// installation checks its module log. Nothing of ours is in it but the form of an export (docs/spec/audit-log.md).
//
//		logcheck EXPORT.json LOGKEY [RECEIPTKEY ...]
//
//	 1. The checkpoint opens with the log's key (sumdb/note).
//	 2. The tree over all leaves has its size and root (sumdb/tlog).
//	 3. Every inclusion proof leads from its leaf to that root.
//	 4. Every receipt opens with one of the other keys, and promises that leaf at that place.
//	 5. The consistency proof leads from the earlier checkpoint to this one.
//
// sumdb/note knows no cosignatures: keys of witnesses are skipped, and that is said. It prints one line, and exits 0 if all is well, 1 if it refuses, 2 if the export cannot be read.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type entry struct {
	Index   int64    `json:"bladnummer"`
	Leaf    string   `json:"blad"`
	Proof   []string `json:"insluiting"`
	Receipt string   `json:"ontvangstbewijs"`
}

type export struct {
	Checkpoint  string   `json:"controlepunt"`
	Leaves      []string `json:"bladen"`
	Entries     []entry  `json:"inschrijvingen"`
	Earlier     string   `json:"eerderControlepunt"`
	Consistency []string `json:"samenhang"`
}

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: logcheck EXPORT.json LOGKEY [RECEIPTKEY ...]")
		os.Exit(2)
	}
	content, err := os.ReadFile(os.Args[1])
	var read export
	if err == nil {
		err = json.Unmarshal(content, &read)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "unreadable:", err)
		os.Exit(2)
	}
	receipts, skipped := receiptKeys(os.Args[3:])
	size, err := check(read, os.Args[2], receipts)
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Printf("ok: %d leaves, %d entries, %d witnesses not looked at\n", size, len(read.Entries), skipped)
}

// receiptKeys are the keys that sumdb/note knows; of another type are those of witnesses.
func receiptKeys(vkeys []string) (note.Verifiers, int) {
	var known []note.Verifier
	for _, vkey := range vkeys {
		if verifier, err := note.NewVerifier(strings.TrimSpace(vkey)); err == nil {
			known = append(known, verifier)
		}
	}
	return note.VerifierList(known...), len(vkeys) - len(known)
}

func check(read export, vkey string, receipts note.Verifiers) (int64, error) {
	now, err := open(read.Checkpoint, vkey)
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	root, err := replay(read.Leaves)
	if err != nil {
		return 0, fmt.Errorf("leaves: %w", err)
	}
	if int64(len(read.Leaves)) != now.size || root != now.root {
		return 0, errors.New("leaves: they do not lead to the root of the checkpoint")
	}
	for _, one := range read.Entries {
		if err := included(one, now); err != nil {
			return 0, fmt.Errorf("inclusion of leaf %d: %w", one.Index, err)
		}
		if err := promised(one, now, receipts); err != nil {
			return 0, fmt.Errorf("receipt of leaf %d: %w", one.Index, err)
		}
	}
	if read.Earlier != "" {
		if err := extends(read, vkey, now); err != nil {
			return 0, fmt.Errorf("consistency: %w", err)
		}
	}
	return now.size, nil
}

// open returns the checkpoint in a note that the key signed: three lines, of which sumdb itself knows another spelling.
func open(text, vkey string) (checkpoint, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return checkpoint{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return checkpoint{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return checkpoint{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], size, root}, err
}

func replay(leaves []string) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index < 0 || index >= int64(len(stored)) {
				return nil, errors.New("no such hash")
			}
			found[i] = stored[index]
		}
		return found, nil
	})
	for number, encoded := range leaves {
		leaf, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return tlog.Hash{}, err
		}
		hashes, err := tlog.StoredHashes(int64(number), leaf, reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(leaves)), reader)
}

func included(one entry, now checkpoint) error {
	leaf, err := base64.StdEncoding.DecodeString(one.Leaf)
	if err != nil {
		return err
	}
	proof, err := hashes(one.Proof)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(proof), now.size, now.root, one.Index, tlog.RecordHash(leaf))
}

// promised checks a receipt, if there is one: five lines, of which the third and fourth say which leaf stands where.
func promised(one entry, now checkpoint, receipts note.Verifiers) error {
	if one.Receipt == "" {
		return nil
	}
	opened, err := note.Open([]byte(one.Receipt), receipts)
	if err != nil {
		return err
	}
	leaf, err := base64.StdEncoding.DecodeString(one.Leaf)
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	said := []string{now.origin, strconv.FormatInt(one.Index, 10), tlog.RecordHash(leaf).String()}
	if len(lines) != 6 || strings.Join(lines[1:4], "\n") != strings.Join(said, "\n") {
		return errors.New("it promises another leaf")
	}
	return nil
}

func extends(read export, vkey string, now checkpoint) error {
	earlier, err := open(read.Earlier, vkey)
	if err != nil {
		return err
	}
	proof, err := hashes(read.Consistency)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(proof), now.size, now.root, earlier.size, earlier.root)
}

func hashes(encoded []string) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(encoded))
	for i, one := range encoded {
		hash, err := tlog.ParseHash(one)
		if err != nil {
			return nil, err
		}
		found[i] = hash
	}
	return found, nil
}
