/**
 * The order of a run's steps.
 *
 * <h2>Owns</h2>
 * which steps a job has, and which comes before which.
 *
 * <h2>Does not own</h2>
 * what any step does (the wings, which offer steps as beans); when a job is due (jobs/).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A job is started by its name; nobody calls these classes.
 *   <li>Every step that a wing offers has a place in a job.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.jobs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
