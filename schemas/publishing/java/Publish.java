// Publish the articles in JSON files: java -cp 'LIBS/*' Publish.java FILE…
// (needs org.apache.kafka:kafka-clients and an slf4j binding; from Kotlin the calls are the same)
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Publish {
    public static void main(String[] paths) throws Exception {
        var properties = new Properties();
        properties.put("bootstrap.servers", System.getenv("STORYLINE_KAFKA_BOOTSTRAP_SERVERS"));
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true"); // a retry after a lost answer doesn't become a second record
        var topic = System.getenv().getOrDefault("TOPIC", "articles");
        var space = System.getenv().getOrDefault("SPACE", "world");
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            for (var path : paths) {
                // The key is the space; it must be the article's own, if the article names one.
                var sent = producer.send(new ProducerRecord<>(topic, space, Files.readAllBytes(Path.of(path)))).get();
                System.out.printf("%s: partition %d, offset %d%n", path, sent.partition(), sent.offset());
            }
        }
    }
}
