// Publish the articles in JSON files: go run . FILE…
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	topic := os.Getenv("TOPIC")
	if topic == "" {
		topic = "articles"
	}
	// Idempotent and confirmed by all replicas by default; keys are placed as every other client of Kafka does.
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Getenv("STORYLINE_KAFKA_BOOTSTRAP_SERVERS"), ",")...),
		kgo.DefaultProduceTopic(topic),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for _, path := range os.Args[1:] {
		value, err := os.ReadFile(path)
		if err != nil {
			log.Fatal(err)
		}
		article := struct {
			URI   string `json:"uri"`
			Space string `json:"space"`
		}{Space: "world"}
		if err := json.Unmarshal(value, &article); err != nil {
			log.Fatalf("%s: %v", path, err)
		}
		// The key is the space.
		record := &kgo.Record{Key: []byte(article.Space), Value: value}
		if err := client.ProduceSync(context.Background(), record).FirstErr(); err != nil {
			log.Fatalf("%s: %v", path, err)
		}
		fmt.Printf("%s: partition %d, offset %d\n", article.URI, record.Partition, record.Offset)
	}
}
