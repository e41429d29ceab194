package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import picocli.CommandLine;

/** The page from raw files that the test writes: nothing is measured here. */
class ReportTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(final String... args) {
        final CommandLine command = Report.command();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    private void raw(final String name, final String content) throws Exception {
        Files.createDirectories(folder.resolve("raw"));
        Files.writeString(folder.resolve("raw").resolve(name), content);
    }

    private static String jmh(final String benchmark, final String peer, final String values) {
        return """
                {"benchmark": "io.millrace.jmh.connection.%s", "threads": 1, "jdkVersion": "17.0.1",
                 "params": {"peer": "%s", "senders": "4", "length": "100"},
                 "primaryMetric": {"scoreUnit": "ops/s", "rawData": [%s]}, "secondaryMetrics": {}}
                """.formatted(benchmark, peer, values);
    }

    private static String load(final String peer, final boolean held, final double p99) {
        return """
                {"label": "fixed", "peer": "%s", "security": "TLS", "connections": 10, "senders": 1, "length": 100,
                 "rate": 100000.0, "messagesPerS": 99999.5, "perCore": 49999.7, "cpuUsPerMessage": 1.5, "bytesPerMessage": 0.5,
                 "held": %s, "p50": 20.0, "p99": %s, "p999": 900.0, "max": 1000.0, "jdkVersion": "17.0.1"}
                """.formatted(peer, held, p99);
    }

    private Document render() throws Exception {
        assertEquals(0, run("--render-only", "--out", folder.toString()), err.toString());
        return parse(folder.resolve("index.html"));
    }

    private static Document parse(final Path file) throws Exception {
        final String text = Files.readString(file).replace("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The row of a title, its texts one after the other. */
    private static String row(final Document page, final String title, final String against) {
        final NodeList articles = page.getElementsByTagName("article");
        for (int i = 0; i < articles.getLength(); i++) {
            final String text = articles.item(i).getTextContent();
            if (text.startsWith(title + " against " + against)) {
                return text;
            }
        }
        throw new AssertionError("no such row: " + title);
    }

    @Test
    void shouldShowRatiosWithIntervalAndVerdict() throws Exception {
        raw(
                "tls-1.json",
                "[" + jmh("OneWayTls.receive", "millrace", "[8e6, 8.2e6]") + ","
                        + jmh("OneWayTls.receive", "baseline-netty-nio", "[2e5, 2.1e5]") + "]");
        raw(
                "tls-2.json",
                "[" + jmh("OneWayTls.receive", "millrace", "[7.8e6, 8e6]") + ","
                        + jmh("OneWayTls.receive", "baseline-netty-nio", "[2e5, 1.9e5]") + "]");
        final Document page = render();
        final String row = row(page, "One way over TLS, 100 B, 4 senders", "Netty NIO, natural");
        assertTrue(row.contains("8.00 M/s") && row.contains("200 k/s"), row);
        assertTrue(row.contains("40.0 ("), row);
        assertTrue(row.endsWith("≥ 20met"), row);
        final String markdown = Files.readString(folder.resolve("summary.md"));
        assertTrue(markdown.contains("| Netty NIO, natural | 8.00 M/s | 200 k/s | 40.0 ("), markdown);
        // The target's mark lies at the end of the axis, which is ten times a target.
        assertEquals(1, page.getElementsByTagName("circle").getLength());
        assertTrue(parse(folder.resolve("one-way-tls.svg"))
                        .getElementsByTagName("rect")
                        .getLength()
                == 2);
    }

    /** A file of before says not by whom. */
    @Test
    void shouldShowProfilesOfEitherKind() throws Exception {
        raw("hot-path-old-1.json", "{\"profile\": \"ping\", \"samples\": 9, \"stages\": {\"cipher\": 12.5}}");
        raw("hot-path-new-1.json", """
                [{"profile": "one way", "by": "perf", "samples": 9, "stages": {"cipher": 40.0, "kernel": 60.0}},
                 {"profile": "one way", "by": "Flight Recorder", "samples": 8, "stages": {"cipher": 70.0}}]
                """);
        final String text = render().getDocumentElement().getTextContent();
        assertTrue(text.contains("stageone way, perfone way, Flight Recorderping, perf"), text);
        assertTrue(text.contains("cipher40.070.012.5") && text.contains("kernel60.0––"), text);
        assertTrue(text.contains("the native method only"), text);
        assertFalse(text.contains("is not read"), text);
    }

    /** Two JVMs are told apart from one. */
    @Test
    void shouldShowThatAServerHadItsOwnJvm() throws Exception {
        raw("load-a.json", load("millrace", true, 50).replace("{", "{\"serverJvm\": true, "));
        raw("load-b.json", load("millrace", true, 60).replace("{", "{\"serverJvm\": false, "));
        final List<Series> series = RawFolder.read(folder.resolve("raw")).all("LoadRig", Map.of(), "p99");
        assertEquals(
                List.of("in its own JVM", "none"),
                series.stream()
                        .map(each -> each.params().getOrDefault("server", "none"))
                        .toList());
    }

    @Test
    void shouldShowARowAsNotMeasuredWhenASideIsMissing() throws Exception {
        raw("tls-1.json", "[" + jmh("OneWayTls.receive", "millrace", "[8e6]") + "]");
        final String row = row(render(), "One way over TLS, 100 B, 4 senders", "Netty NIO, natural");
        assertTrue(row.contains("not measured"), row);
        assertTrue(row.contains("8.00 M/s"), row);
    }

    @Test
    void shouldBeAPageWhenNothingWasMeasured() throws Exception {
        Files.createDirectories(folder.resolve("raw"));
        final Document page = render();
        assertEquals(0, page.getElementsByTagName("svg").getLength());
        assertTrue(page.getElementsByTagName("article").getLength() > 20);
    }

    @Test
    void shouldSayWhatBoundsAMissedTarget() throws Exception {
        raw(
                "tls-1.json",
                "[" + jmh("OneWayTls.receive", "millrace", "[8e6]") + ","
                        + jmh("OneWayTls.receive", "baseline-socket-buffered", "[1e7]") + "]");
        final String row = row(render(), "One way over TLS, 100 B, 4 senders", "SSLSocket, never flushed");
        assertTrue(row.contains("≥ 1.1missed") && row.contains("What bounds it: "), row);
        assertTrue(Files.readString(folder.resolve("summary.md"))
                .contains("*One way over TLS, 100 B, 4 senders against SSLSocket"));
    }

    @Test
    void shouldSayWhoDidNotHoldTheRate() throws Exception {
        raw("load-a.json", load("millrace", true, 50));
        raw("load-b.json", load("baseline-netty-nio", false, 200));
        final String row = row(render(), "100,000 messages/s, 10 connections, TLS, p99", "Netty NIO");
        assertTrue(row.contains("The rate was not held by Netty NIO, whose"), row);
        assertTrue(row.contains("4.00"), row);
    }

    @Test
    void shouldReadTheRestWhenAFileIsNoResult() throws Exception {
        raw("broken.json", "{\"a\": ");
        raw("other.json", "{\"a\": 1}");
        raw("list.json", "[{\"a\": 1}]");
        raw("empty.json", "");
        raw("tls-1.failed.txt", "exit status 3: <no> such & such\n");
        raw("tls-2.json", "[" + jmh("OneWayTls.receive", "millrace", "[8e6]") + "]");
        final String text = render().getDocumentElement().getTextContent();
        assertTrue(text.contains("broken.json is not read: "), text);
        assertTrue(text.contains("other.json is not read: not the load rig's: [a]"), text);
        assertTrue(text.contains("empty.json is not read: it is empty: "), text);
        assertTrue(text.contains("list.json is not read: neither JMH's nor the idle rig's: [a]"), text);
        assertTrue(text.contains("tls-1: exit status 3: <no> such & such"), text);
        assertTrue(text.contains("8.00 M/s"), text);
    }

    @Test
    void shouldNameTheStepThatDoesNotExist() {
        assertEquals(2, run("--only", "tin", "--out", folder.toString()));
        assertTrue(out.toString().contains("No such step: tin; there are tcp, tls"), out.toString());
        assertEquals(2, run("--render-only", "--out", folder.resolve("nowhere").toString()));
        assertTrue(err.toString().contains("nothing was measured yet"), err.toString());
        assertEquals(2, run("--round", "-1"));
        assertEquals(2, run("--all", "--only", "tls"));
        assertTrue(err.toString().contains("either all or only some: --all, --only=tls"), err.toString());
        assertEquals(2, run("--wombat"));
    }

    /** A step whose main class fails is reported and does not stop the next. */
    @Test
    void shouldGoOnWhenAStepFails() throws Exception {
        Files.createDirectories(folder.resolve("raw"));
        final StepRunner runner =
                new StepRunner(folder.resolve("raw"), java.util.Optional.empty(), new PrintWriter(out, true));
        assertFalse(runner.run(new Plan.Step("bad", 1, 0, "no.such.Main", "x", false, 1), 1));
        assertFalse(runner.run(new Plan.Step("new", 1, 99, "no.such.Main", "x", false, 1), 1));
        assertTrue(out.toString().contains("bad-1 not measured: exit status 1: Error: Could not find"), out.toString());
        assertTrue(out.toString().contains("new-1 not measured: needs a JDK of 99 or later"), out.toString());
        final List<String> problems = RawFolder.read(folder.resolve("raw")).problems();
        assertEquals(2, problems.size(), problems.toString());
    }

    /** What the plan asks for has to exist: a step's main class, a row's peer, a chart's kind. */
    @Test
    void shouldAskOnlyForWhatItMeasures() throws Exception {
        final Plan plan = Plan.load();
        final Set<String> ids = new HashSet<>();
        for (final Plan.Step step : plan.steps()) {
            assertTrue(ids.add(step.id()), step.id());
            assertTrue(step.rounds() > 0, step.id());
            assertTrue(step.seconds() > 0, step.id());
            assertEquals(
                    "main",
                    Class.forName(step.main()).getMethod("main", String[].class).getName());
        }
        final String args = plan.steps().stream().map(Plan.Step::args).collect(Collectors.joining(" "));
        for (final Plan.Section section : plan.sections()) {
            for (final Plan.Row row : section.rows()) {
                for (final Map<String, String> side : List.of(row.ours(), row.theirs())) {
                    final String peer = side.get(Series.PEER);
                    assertTrue(args.contains(peer), peer);
                    assertTrue(plan.peers().containsKey(peer), peer);
                }
                assertFalse(row.atLeast() != null && row.atMost() != null, row.title());
            }
            for (final Plan.Chart chart : section.charts()) {
                assertTrue(List.of("bars", "lines", "percentiles").contains(chart.kind()), chart.title());
                assertTrue(chart.scale() > 0, chart.title());
            }
        }
    }
}
