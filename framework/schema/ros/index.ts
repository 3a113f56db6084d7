/** ROS 2's message definitions as schemas. */
export { importMessages, type ImportReport } from './import.js';
export { STANDARD_OF_ROS } from './counterparts.js';
