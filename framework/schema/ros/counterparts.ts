/** Types of ROS 2 that std has by the same name, by package. */
const SAME_NAME: Readonly<Record<string, string>> = {
  diagnostic_msgs: 'DiagnosticStatus KeyValue',
  geometry_msgs:
    'Accel AccelStamped AccelWithCovariance AccelWithCovarianceStamped Inertia InertiaStamped Point Point32 PointStamped Polygon PolygonStamped Pose PoseArray PoseStamped PoseWithCovariance PoseWithCovarianceStamped Quaternion QuaternionStamped Transform TransformStamped Twist TwistStamped TwistWithCovariance TwistWithCovarianceStamped Vector3 Vector3Stamped Wrench WrenchStamped',
  nav_msgs: 'MapMetaData OccupancyGrid Odometry Path',
  rcl_interfaces: 'Log',
  rosgraph_msgs: 'Clock',
  sensor_msgs:
    'BatteryState CameraInfo CompressedImage FluidPressure Illuminance Imu JointState Joy LaserScan MagneticField PointField Range RegionOfInterest RelativeHumidity Temperature TimeReference',
  std_msgs: 'Bool ColorRGBA Float32 Float64 Header Int32 Int64 String',
  trajectory_msgs: 'JointTrajectory JointTrajectoryPoint',
  vision_msgs:
    'BoundingBox2D BoundingBox3D Detection2D Detection2DArray Detection3D Detection3DArray ObjectHypothesis ObjectHypothesisWithPose',
  visualization_msgs: 'Marker MarkerArray MeshFile UVCoordinate',
};

const OTHER_NAME: Readonly<Record<string, string>> = {
  'diagnostic_msgs/DiagnosticArray': 'Diagnostics',
  'sensor_msgs/PointCloud2': 'PointCloud',
  'tf2_msgs/TFMessage': 'Transforms',
};

/**
 * ROS 2 type → the standard schema that says the same, field by field, with the header written out. `Image`, `NavSatFix` and
 * `Pose2D` are not here: in ROS their fields are others.
 */
export const STANDARD_OF_ROS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SAME_NAME).flatMap(([packageName, titles]) =>
    titles.split(' ').map((title) => [`${packageName}/${title}`, `std/${title}`] as const),
  ),
  ...Object.entries(OTHER_NAME).map(([ros, title]) => [ros, `std/${title}`] as const),
]);
