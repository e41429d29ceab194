package io.millrace.jmh.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.millrace.jmh.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * All that was measured, read from files: JMH's JSON, the load rig's, the idle rig's, profiles, and the environments. A file that
 * is no such thing is reported in {@link #problems}, and the rest is read.
 */
final class RawFolder {
    /** Beginning of the names of files that say where it was measured. */
    static final String ENVIRONMENT = "environment-";

    /** End of the names of files that say why a step failed. */
    static final String FAILED = ".failed.txt";

    private static final String PROFILE = "profile";

    private record Key(String benchmark, Map<String, String> params, String metric, String unit) {}

    private final Map<Key, List<double[]>> rounds = new LinkedHashMap<>();
    private final Map<Map<String, String>, List<Path>> logs = new HashMap<>();
    private final List<Environment> environments = new ArrayList<>();
    private final List<HotPath.Profile> profiles = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    static RawFolder read(final Path folder) throws IOException {
        final RawFolder raw = new RawFolder();
        final List<Path> files;
        try (var found = Files.list(folder)) {
            files = found.sorted().toList();
        }
        for (final Path file : files) {
            final String name = file.getFileName().toString();
            if (name.endsWith(".json")) {
                try {
                    raw.readJson(file, name);
                } catch (final JsonParseException | IllegalStateException | UnsupportedOperationException ex) {
                    raw.problems.add(name + " is not read: " + ex.getMessage());
                }
            } else if (name.endsWith(FAILED)) {
                raw.problems.add(name.substring(0, name.length() - FAILED.length()) + ": "
                        + Files.readString(file).trim());
            }
        }
        return raw;
    }

    /** Everything, in the order of files. */
    List<Series> series() {
        return rounds.entrySet().stream()
                .map(entry -> new Series(
                        entry.getKey().benchmark(),
                        entry.getKey().params(),
                        entry.getKey().metric(),
                        entry.getKey().unit(),
                        entry.getValue()))
                .toList();
    }

    List<Series> all(final String benchmark, final Map<String, String> params, final String metric) {
        return series().stream()
                .filter(series -> series.isOf(benchmark, params == null ? Map.of() : params, metric))
                .toList();
    }

    /** The first. */
    Optional<Series> one(final String benchmark, final Map<String, String> params, final String metric) {
        return all(benchmark, params, metric).stream().findFirst();
    }

    List<Environment> environments() {
        return environments;
    }

    List<HotPath.Profile> profiles() {
        return profiles;
    }

    List<String> problems() {
        return problems;
    }

    /** The latencies of all JVMs together; empty if none were logged. */
    Histogram histogram(final Series series) throws IOException {
        final Histogram all = new Histogram(3);
        for (final Path log : logs.getOrDefault(series.params(), List.of())) {
            try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
                EncodableHistogram next = reader.nextIntervalHistogram();
                while (next != null) {
                    all.add((Histogram) next);
                    next = reader.nextIntervalHistogram();
                }
            }
        }
        return all;
    }

    private void readJson(final Path file, final String name) throws IOException {
        final JsonElement json = JsonParser.parseString(Files.readString(file));
        if (json.isJsonNull()) {
            throw new JsonParseException("it is empty: what should have written it did not come to its end");
        }
        if (name.startsWith(ENVIRONMENT)) {
            environments.add(new Gson().fromJson(json, Environment.class));
        } else if (json.isJsonObject() && json.getAsJsonObject().has(PROFILE)) {
            readProfile(json.getAsJsonObject());
        } else if (json.isJsonArray()) {
            for (final JsonElement element : json.getAsJsonArray()) {
                readEntry(element.getAsJsonObject());
            }
        } else {
            readLoad(json.getAsJsonObject(), file);
        }
    }

    private void readEntry(final JsonObject entry) {
        if (entry.has("primaryMetric")) {
            readJmh(entry);
        } else if (entry.has(PROFILE)) {
            readProfile(entry);
        } else if (entry.has("heapKibEach")) {
            readIdle(entry);
        } else {
            throw new JsonParseException("neither JMH's nor the idle rig's: " + entry.keySet());
        }
    }

    private void readProfile(final JsonObject profile) {
        profiles.add(new Gson().fromJson(profile, HotPath.Profile.class));
    }

    private void readJmh(final JsonObject entry) {
        final String[] names = entry.get("benchmark").getAsString().split("\\.", -1);
        final Map<String, String> params = new HashMap<>();
        params.put("method", names[names.length - 1]);
        params.put("threads", entry.get("threads").getAsString());
        params.put("jdk", entry.get("jdkVersion").getAsString());
        if (entry.has("params")) {
            entry.getAsJsonObject("params")
                    .entrySet()
                    .forEach(
                            param -> params.put(param.getKey(), param.getValue().getAsString()));
        }
        params.putIfAbsent(Series.PEER, names[names.length - 1]);
        final String benchmark = names[names.length - 2];
        addMetric(benchmark, params, "score", entry.getAsJsonObject("primaryMetric"));
        for (final Map.Entry<String, JsonElement> metric :
                entry.getAsJsonObject("secondaryMetrics").entrySet()) {
            addMetric(benchmark, params, metric.getKey(), metric.getValue().getAsJsonObject());
        }
    }

    private void addMetric(
            final String benchmark, final Map<String, String> params, final String metric, final JsonObject values) {
        if (!values.has("rawData")) {
            return;
        }
        final String unit = values.get("scoreUnit")
                .getAsString()
                .replace("ops/s", "/s")
                .replace("us", "µs")
                .replace("/op", "");
        for (final JsonElement fork : values.getAsJsonArray("rawData")) {
            final JsonArray iterations = fork.getAsJsonArray();
            final double[] round = new double[iterations.size()];
            for (int i = 0; i < round.length; i++) {
                round[i] = iterations.get(i).getAsDouble();
            }
            add(benchmark, params, metric, unit, round);
        }
    }

    private void readIdle(final JsonObject entry) {
        final String server = entry.get("server").getAsString();
        final boolean secure = server.endsWith("-tls");
        final Map<String, String> params = Map.of(
                Series.PEER,
                secure ? server.substring(0, server.length() - "-tls".length()) : server,
                "security",
                secure ? "TLS" : "PLAIN",
                "connections",
                entry.get("connections").getAsString(),
                "jdk",
                entry.get("jdkVersion").getAsString());
        final double heap = entry.get("heapKibEach").getAsDouble();
        final double resident = entry.get("residentBesidesHeapKibEach").getAsDouble();
        add("IdleConnections", params, "heap", "KiB", heap);
        add("IdleConnections", params, "resident", "KiB", resident);
        add("IdleConnections", params, "total", "KiB", heap + resident);
        add(
                "IdleConnections",
                params,
                "cpu",
                "%",
                entry.get("cpuPercentOfOneCore").getAsDouble());
    }

    private void readLoad(final JsonObject step, final Path file) {
        if (!step.has("messagesPerS")) {
            throw new JsonParseException("not the load rig's: " + step.keySet());
        }
        final Map<String, String> params = new HashMap<>();
        for (final String name : List.of("label", Series.PEER, "security", "connections", "senders", "length")) {
            params.put(name, step.get(name).getAsString());
        }
        if (step.has("serverJvm") && step.get("serverJvm").getAsBoolean()) {
            params.put("server", "in its own JVM");
        }
        final double rate = step.get("rate").getAsDouble();
        params.put("rate", rate == 0 ? "max" : String.format(Locale.ROOT, "%.0f", rate));
        params.put("jdk", step.get("jdkVersion").getAsString());
        final String benchmark = "LoadRig";
        add(benchmark, params, "received", "/s", step.get("messagesPerS").getAsDouble());
        add(benchmark, params, "perCore", "/s", step.get("perCore").getAsDouble());
        add(benchmark, params, "cpu", "µs", step.get("cpuUsPerMessage").getAsDouble());
        add(benchmark, params, "allocated", "B", step.get("bytesPerMessage").getAsDouble());
        if (rate > 0) {
            add(benchmark, params, "held", "", step.get("held").getAsBoolean() ? 1.0 : 0.0);
            for (final String percentile : List.of("p50", "p99", "p999", "max")) {
                add(benchmark, params, percentile, "µs", step.get(percentile).getAsDouble());
            }
            final String name = file.getFileName().toString();
            final Path log = file.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".hlog");
            if (Files.exists(log)) {
                logs.computeIfAbsent(Map.copyOf(params), any -> new ArrayList<>())
                        .add(log);
            }
        }
    }

    private void add(
            final String benchmark,
            final Map<String, String> params,
            final String metric,
            final String unit,
            final double... round) {
        rounds.computeIfAbsent(new Key(benchmark, Map.copyOf(params), metric, unit), any -> new ArrayList<>())
                .add(round);
    }

    /** What was measured of whom, for errors. */
    @Override
    public String toString() {
        return rounds.keySet().stream().map(Key::benchmark).distinct().collect(Collectors.joining(", "));
    }
}
