/**
 * The report: {@link io.millrace.jmh.report.Report} is the command, {@code mvn -q -Preport verify} runs it.
 *
 * <p>A {@link io.millrace.jmh.report.Plan}, read from {@code plan.json} beside it, names the steps that are measured, each a command
 * of its own whose files go into one folder, and what the page shows of them: ratios with their targets and what bounds
 * them, and charts. {@link io.millrace.jmh.report.RawFolder} reads that folder, {@link io.millrace.jmh.report.Ratio} forms quotients and intervals,
 * {@link io.millrace.jmh.report.Page} and {@link io.millrace.jmh.report.Summary} write; nothing is kept but the files, so that a page can be written again
 * at any time. To show one more thing, add a step and rows to the plan.
 *
 * <p>{@link io.millrace.jmh.report.HotPath} profiles a benchmark by {@code perf} and by the Flight Recorder, and {@link io.millrace.jmh.report.Stages} sorts the
 * samples by stages of a message's way; its steps are extra ones.
 *
 * <p>Charts are SVG by a few classes of our own: they take the page's light or dark colours and its letters' size, on a phone
 * too, which a drawing library's pictures do not.
 */
package io.millrace.jmh.report;
