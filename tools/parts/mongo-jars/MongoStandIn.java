import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;

/** Serves MongoDB's protocol on a loopback port: java MongoStandIn PORT [FILE]; without a file in memory. */
public final class MongoStandIn {
    public static void main(String[] arguments) throws Exception {
        MongoBackend backend = arguments.length > 1 ? new FileBackend(arguments[1]) : new MemoryBackend();
        backend.version(new Version());
        MongoServer server = new MongoServer(backend);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        Thread.currentThread().join();
    }

    /** What was answered is in the file, as clients that ask for journaled writes expect; the library writes it later. */
    private static final class FileBackend extends H2Backend {
        FileBackend(String file) {
            super(file);
        }

        @Override
        public Document handleMessage(MongoMessage message) {
            Document reply = super.handleMessage(message);
            commit();
            return reply;
        }
    }

    /** MongoDB 4.4: the oldest that the driver takes, while the library calls itself older than that. */
    private static final class Version implements MongoVersion {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(4, 4, 29, 0);
        }

        @Override
        public int getWireVersion() {
            return 9;
        }
    }
}
