package io.millrace.tests.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.tests.tls.DebianPackages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's live page in Chromium, by ws and by wss. What it looks like is left as pictures in {@code target/live-page}. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LivePageInteropTest {
    private static final String STATE = "document.getElementById('status').dataset.state";
    private static final String SEQUENCE = "document.getElementById('main').dataset.sequence";
    private static final String RUN = "document.getElementById('main').dataset.run";
    private static final List<String> CHARTS =
            List.of("messages", "roundTrip", "backPressure", "connections", "handshakes");
    private static final Path PICTURES = Path.of("target", "live-page");

    /** A browser that is being killed may still write. */
    @TempDir(cleanup = CleanupMode.NEVER)
    static Path profiles;

    @TempDir
    Path input;

    @BeforeAll
    static void findBrowser() throws Exception {
        DebianPackages.assumeThere("chromium", "chromium");
        Files.createDirectories(PICTURES);
    }

    @BeforeEach
    void write() throws Exception {
        Files.writeString(input.resolve("input.txt"), "a line\nanother one, which is longer\n".repeat(100));
    }

    private static Chromium browser() throws Exception {
        return new Chromium(Files.createTempDirectory(profiles, "profile"));
    }

    private static String lineOf(final String chart) {
        return "document.querySelector('[data-chart=" + chart + "] .line.a').getAttribute('d')";
    }

    private static long figure(final Chromium browser, final String name) throws Exception {
        return Long.parseLong(browser.evaluate("document.querySelector('[data-figure=" + name + "]').textContent")
                .replace(",", ""));
    }

    private static void awaitSamples(final Chromium browser, final int more) throws Exception {
        final int from = Integer.parseInt(browser.evaluate(SEQUENCE));
        browser.await(SEQUENCE + " >= " + (from + more), "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "tls"})
    void shouldDrawWhatTheServerCounts(final String live) throws Exception {
        try (LiveProcess demo = new LiveProcess(live, 0, input);
                Chromium browser = browser()) {
            browser.size(1280, 900, false);
            browser.open(demo.uri());
            browser.await(STATE, "connected");
            browser.await("document.querySelector('[data-figure=resumedShare]').textContent > 0", "true");
            awaitSamples(browser, 4);
            for (final String chart : CHARTS) {
                final String before = browser.evaluate(lineOf(chart));
                assertTrue(before.matches("M[-0-9.]+ [-0-9.]+(L[-0-9.]+ [-0-9.]+)+.*"), chart + ": " + before);
                browser.await(lineOf(chart) + " != '" + before + "'", "true");
            }

            final JsonObject earlier = demo.health();
            awaitSamples(browser, 4);
            final long messages = figure(browser, "totalMessages");
            final long opened = figure(browser, "totalOpened");
            final long resumed = figure(browser, "totalResumed");
            final JsonObject later = demo.health();
            assertBetween("messages", earlier, messages, later);
            assertBetween("opened", earlier, opened, later);
            assertBetween("resumed", earlier, resumed, later);
            assertTrue(resumed > 0 && messages > 1_000, "resumed=" + resumed + " messages=" + messages);
            assertTrue(figure(browser, "minuteMean") > 0);
            assertTrue(figure(browser, "minutePeak") >= figure(browser, "minuteMean"));
            assertEquals(0, figure(browser, "totalMissing"));
            assertEquals(0, figure(browser, "totalCorrupted"));
            assertEquals(1, figure(browser, "viewers"));
            assertEquals(List.of(), browser.complaints());

            final String end = demo.end();
            assertTrue(end.contains("lost 0, corrupted 0\n"), end);
            browser.await(STATE, "waiting");
        }
    }

    private static void assertBetween(
            final String name, final JsonObject earlier, final long shown, final JsonObject later) {
        final long least = earlier.get(name).getAsLong();
        final long most = later.get(name).getAsLong();
        assertTrue(least <= shown && shown <= most, name + ": " + shown + " is not from " + least + " to " + most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "tls"})
    void shouldConnectAgainWhenTheServerWentAndCameBack(final String live) throws Exception {
        try (Chromium browser = browser()) {
            final int port;
            final String run;
            try (LiveProcess demo = new LiveProcess(live, 0, input)) {
                port = demo.uri().getPort();
                browser.open(demo.uri());
                browser.await(STATE, "connected");
                browser.await(SEQUENCE + " >= 12", "true");
                run = browser.evaluate(RUN);
            }
            browser.await(STATE, "waiting");
            browser.await("/attempt [2-9]/.test(document.getElementById('status').textContent)", "true");
            try (LiveProcess demo = new LiveProcess(live, port, input)) {
                browser.await(STATE, "connected");
                browser.await(RUN + " != '" + run + "'", "true");
                awaitSamples(browser, 4);
                final long messages = figure(browser, "totalMessages");
                final long most = demo.health().get("messages").getAsLong();

                assertTrue(messages > 0 && messages <= most, messages + " of " + most);
                assertEquals(List.of(), browser.complaints());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"no-preference, 1", "reduce, 3"})
    void shouldStandStillWhenPausedAndGoOnWhereTheLoadIs(final String motion, final int steps) throws Exception {
        try (LiveProcess demo = new LiveProcess("ws", 0, input);
                Chromium browser = browser()) {
            browser.prefer("prefers-reduced-motion", motion);
            browser.open(demo.uri());
            browser.await(STATE, "connected");
            browser.await(SEQUENCE + " > 4", "true");
            // With less motion there is a picture each two seconds, not with each sample.
            final int from = Integer.parseInt(browser.evaluate(SEQUENCE));
            browser.await(SEQUENCE + " > " + from, "true");
            assertTrue(Integer.parseInt(browser.evaluate(SEQUENCE)) - from >= steps);

            browser.evaluate("document.getElementById('pause').click()");
            browser.await(STATE, "paused");
            awaitFrame(browser);
            final String stopped = browser.evaluate(SEQUENCE);
            final String line = browser.evaluate(lineOf("messages"));
            final long counted = demo.health().get("messages").getAsLong();
            while (demo.health().get("messages").getAsLong() < counted + 100_000) {
                Thread.onSpinWait();
            }
            awaitFrame(browser);
            assertEquals(stopped, browser.evaluate(SEQUENCE));
            assertEquals(line, browser.evaluate(lineOf("messages")));

            browser.evaluate("document.getElementById('pause').click()");
            browser.await(STATE, "connected");
            browser.await(SEQUENCE + " > " + stopped, "true");
            assertNotEquals(line, browser.evaluate(lineOf("messages")));
            assertEquals(List.of(), browser.complaints());
        }
    }

    /** Two frames: what was asked for before is drawn. */
    private static void awaitFrame(final Chromium browser) throws Exception {
        browser.evaluate(
                "(window.drawn = 0, requestAnimationFrame(() => requestAnimationFrame(() => window.drawn = 1)))");
        browser.await("window.drawn", "1");
    }

    @ParameterizedTest
    @CsvSource({"1280, light", "1280, dark", "390, light", "390, dark", "320, light"})
    void shouldFitTheScreenInTheColoursThatTheUserLikes(final int width, final String colours) throws Exception {
        try (LiveProcess demo = new LiveProcess("ws", 0, input);
                Chromium browser = browser()) {
            browser.size(width, 844, width < 600);
            browser.prefer("prefers-color-scheme", colours);
            browser.open(demo.uri());
            browser.await(STATE, "connected");
            browser.await(SEQUENCE + " > 20", "true");
            browser.screenshot(PICTURES.resolve(width + "-" + colours + ".png"));

            assertEquals("true", browser.evaluate("document.documentElement.scrollWidth <= innerWidth"));
            final String background = browser.evaluate("getComputedStyle(document.body).backgroundColor");
            assertEquals(colours.equals("dark") ? "rgb(16, 22, 27)" : "rgb(244, 246, 248)", background);
        }
    }
}
