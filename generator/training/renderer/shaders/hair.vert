#version 330
in vec3 position;
in vec3 normal;
in float edge;
uniform mat3 turn;
uniform vec3 pivot;
uniform float camera_distance, half_width, centre_height;
out vec3 P, N, Q;
out float inside;

void main() {
    P = turn * (position - pivot) + pivot;
    N = turn * normal;
    Q = position;
    inside = edge;
    float depth = camera_distance - P.z;
    float zoom = (camera_distance - 9.0) / half_width;
    gl_Position = vec4(P.x * zoom, (P.y - centre_height) * zoom, ((depth - 30.0) / 60.0 * 2.0 - 1.0) * depth, depth);
}
