package io.millrace.jmh.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.jmh.Environment;
import io.millrace.jmh.connection.Security;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(120)
class LoadRigTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(final String... args) {
        final CommandLine command = LoadRig.command();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--peer tin-can | no such peer: peer=tin-can",
                "--rate quick | 'quick' is no rate",
                "--rate 0 | '0' is no rate",
                "--rate -5 | '-5' is no rate",
                "--rate 2G | '2G' is no rate",
                "--security ssl | 'ssl'",
                "--connections 0 | connections must be from 1 to 16384: connections=0",
                "--connections 20000 | connections must be from 1 to 16384: connections=20000",
                "--connections 1 --senders 2 | senders must be from 1 to 1: senders=2",
                "--length 3 | length must be from 16",
                "--seconds 0 | seconds must be from 1 to 3600: seconds=0",
                "--server-jvm --security tls | server-jvm is only for plain connections: security=TLS",
                "--server-jvm --peer baseline-socket | not with a server in its own JVM: peer=baseline-socket",
                "--server-jvm --peer millrace-aeron-ipc | not with a server in its own JVM: peer=millrace-aeron-ipc",
                "--forks -1 | forks must be 0 or more",
                "--wombat 1 | Unknown option"
            })
    void shouldNameTheOptionThatIsWrong(final String args, final String message) {
        assertEquals(2, run(args.split(" ", -1)));
        assertTrue(err.toString().contains(message), err.toString());
    }

    @Test
    void shouldReadRatesWithTheirUnits() throws Exception {
        final Rate rates = new Rate();
        assertEquals(250_000, rates.convert("250k"));
        assertEquals(1_500_000, rates.convert("1.5M"));
        assertEquals(20, rates.convert("20"));
        assertEquals(0, rates.convert("max"));
    }

    @Test
    void shouldMeasureInAForkAndLeaveItsFiles() throws Exception {
        final int status =
                run(("--peer millrace --connections 2 --rate 1000 --warm-up 0 --seconds 1 --jvm-args -Xmx256m"
                                + " --out " + folder)
                        .split(" ", -1));
        assertEquals(0, status, out.toString() + err);
        assertTrue(out.toString().contains("millrace plain"), out.toString());
        try (var files = Files.list(folder)) {
            assertEquals(
                    "load-plain-2c-100b-millrace-1000-1.hdr load-plain-2c-100b-millrace-1000-1.hlog"
                            + " load-plain-2c-100b-millrace-1000-1.json",
                    files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(" ")));
        }
    }

    @Test
    void shouldMeasureAServerInItsOwnJvm() throws Exception {
        final int status =
                run(("--server-jvm --peer baseline-socket,millrace --connections 2 --rate 1000 --warm-up 0 --seconds 1"
                                + " --jvm-args -Xmx256m --out " + folder)
                        .split(" ", -1));
        assertEquals(1, status, out.toString() + err);
        assertTrue(
                out.toString().contains("baseline-socket not measured: not with a server in its own JVM"),
                out.toString());
        final Path file = folder.resolve("load-plain-2c-100b-millrace-server-jvm-1000-1.json");
        assertTrue(Files.readString(file).contains("\"serverJvm\": true"), out.toString());
    }

    /** One file a connection, where both ends take two. */
    @Test
    void shouldAskForHalfOfTheFilesWithAServerInItsOwnJvm() throws Exception {
        final long limit = Environment.maxOpenFiles();
        assumeTrue(limit < 2 * 16_384 && limit > 400);
        final String fits = Long.toString(limit / 2);
        run(("--forks 0 --peer baseline-netty-nio --warm-up 0 --seconds 1 --rate 100 --connections " + fits)
                .split(" ", -1));
        assertTrue(out.toString().contains("not measured: needs "), out.toString());
        assertEquals(limit / 2 + 200, LoadRig.filesOf(plan("baseline-netty-nio", (int) (limit / 2))));
        assertEquals(3 * 100 + 200, LoadRig.filesOf(plan("millrace", 100)));
    }

    private static LoadPlan plan(final String peer, final int connections) {
        return new LoadPlan("", peer, Security.PLAIN, connections, 1, 100, List.of(100.0), false, 0, 1, 1, true);
    }

    @Test
    void shouldGoOnWithTheRestWhenOnePeerCannot() {
        final int status =
                run("--forks 0 --peer tin-can,millrace-conscrypt,baseline-socket --rate 100 --warm-up 0 --seconds 1"
                        .split(" ", -1));
        assertEquals(1, status, out.toString());
        assertTrue(out.toString().contains("tin-can not measured: no such peer: peer=tin-can"), out.toString());
        assertTrue(out.toString().contains("millrace-conscrypt not measured: only over TLS"), out.toString());
        assertTrue(out.toString().contains("baseline-socket plain"), out.toString());
    }
}
