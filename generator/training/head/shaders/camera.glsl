// The one camera; camera.py does the same.
uniform float camera_distance, half_width, centre_height, focus_depth, near, far;

vec4 to_clip(vec3 p) {
    float depth = camera_distance - p.z, zoom = (camera_distance - focus_depth) / half_width;
    return vec4(p.x * zoom, (p.y - centre_height) * zoom, ((depth - near) / (far - near) * 2.0 - 1.0) * depth, depth);
}
