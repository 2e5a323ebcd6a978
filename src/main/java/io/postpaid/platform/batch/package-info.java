/**
 * How a run is put together, started, restarted and remembered, on Spring Batch.
 *
 * <h2>Owns</h2>
 * the only way to build a step and to start a job; the files of jobs/; what a run is.
 *
 * <h2>Does not own</h2>
 * what any step does (the features).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>One run at a time: a database lock that dies with its process.
 *   <li>A run that was killed is recovered and resumed, never repeated.
 *   <li>A step over items is reader, work and counts; nothing else pages, pools threads or counts.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.batch;

import org.jspecify.annotations.NullMarked;
